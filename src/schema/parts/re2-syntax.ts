/**
 * Whether a text is an RE2 expression, as Go's `regexp/syntax` decides it (Perl flags), which is what Istio asks at admission: what is
 * wrong otherwise reaches Envoy, which then refuses the whole route table. Expressions are never run here.
 */

import { unicodeClassEnd } from './re2-unicode.ts';

const maxDepth = 1000;
const maxRepeat = 1000;

/** What is wrong with an expression, in Go's words and with the part that is; undefined where nothing is. */
export function re2Fault(expression: string): string | undefined {
  try {
    new Re2Reader(expression).readAll();
    return undefined;
  } catch (fault) {
    if (fault instanceof SyntaxFault) return fault.message;
    throw fault;
  }
}

class SyntaxFault extends Error {
  constructor(what: string, part: string) {
    super(part === '' ? what : `${what}: \`${part}\``);
  }
}

/** A group that is open: how often at most its content is repeated inside of itself. */
interface OpenGroup {
  repeats: number;
}

/** One pass over an expression, without building a tree: nothing but repetitions has to be remembered of what was read. */
class Re2Reader {
  private readonly text: string;
  private at = 0;
  private readonly groups: OpenGroup[] = [{ repeats: 1 }];
  private readonly names = new Set<string>();
  /** How often the last thing repeats what it holds; undefined where nothing stands that could be repeated. */
  private last: number | undefined;

  constructor(text: string) {
    this.text = text;
  }

  readAll(): void {
    while (this.at < this.text.length) this.readOne();
    if (this.groups.length > 1) throw new SyntaxFault('missing closing )', this.text);
  }

  private readOne(): void {
    const start = this.at;
    const sign = this.text[this.at];
    if (sign === '(') this.open();
    else if (sign === ')') this.close();
    else if (sign === '|') {
      this.at++;
      this.last = undefined;
    } else if (sign === '[') {
      this.readClass();
      this.last = 1;
    } else if (sign === '\\') this.readEscape();
    else if (sign === '*' || sign === '+' || sign === '?') {
      this.at++;
      this.repeated(start, 1);
    } else if (sign === '{') this.readCount();
    else {
      this.at += charLength(this.text, this.at);
      this.last = 1;
    }
  }

  private open(): void {
    const rest = this.text.slice(this.at);
    const head = /^\(\?(?:P?<([^>]*)>|P=|([A-Za-z]*(?:-[A-Za-z]+)?)([:)]))/u.exec(rest);
    if (!rest.startsWith('(?')) {
      this.at++;
      this.push();
    } else if (head?.[1] !== undefined) {
      this.name(head[1], head[0]);
      this.at += head[0].length;
      this.push();
    } else if (head?.[3] !== undefined && /^[imsU]*(-[imsU]+)?$/.test(head[2] ?? '')) {
      this.at += head[0].length;
      if (head[3] === ':') this.push();
    } else if (/^\(\?P?<[^>]*$/u.test(rest) && !/^\(\?<[=!]/.test(rest)) throw new SyntaxFault('invalid named capture', rest);
    else throw new SyntaxFault('invalid or unsupported Perl syntax', unsupported(rest));
  }

  private name(name: string, head: string): void {
    if (/^[=!]/.test(name)) throw new SyntaxFault('invalid or unsupported Perl syntax', unsupported(head));
    if (!/^[A-Za-z0-9_]+$/.test(name) || this.names.has(name)) throw new SyntaxFault('invalid named capture', head);
    this.names.add(name);
  }

  private push(): void {
    this.groups.push({ repeats: 1 });
    if (this.groups.length > maxDepth) throw new SyntaxFault('expression nests too deeply', this.text);
    this.last = undefined;
  }

  private close(): void {
    const closed = this.groups.length > 1 ? this.groups.pop() : undefined;
    if (!closed) throw new SyntaxFault('unexpected )', this.text);
    this.at++;
    this.ended(closed.repeats);
  }

  /** `{2}`, `{2,}`, `{2,3}`; anything else in braces is text. */
  private readCount(): void {
    const start = this.at;
    const [whole, least = '', comma, most = ''] = /^\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}/.exec(this.text.slice(start)) ?? [];
    if (whole === undefined) {
      this.at++;
      this.last = 1;
      return;
    }
    this.at += whole.length;
    const [min, max] = [Number(least), comma === undefined ? Number(least) : most === '' ? undefined : Number(most)];
    if (min > maxRepeat || (max !== undefined && (max > maxRepeat || min > max))) throw new SyntaxFault('invalid repeat count', whole);
    this.repeated(start, Math.max(1, max ?? min));
  }

  private repeated(start: number, times: number): void {
    if (this.last === undefined) throw new SyntaxFault('missing argument to repetition operator', this.text.slice(start, this.at));
    if (this.text[this.at] === '?') this.at++;
    const next = /^(?:[*+?]|\{(?:0|[1-9]\d*)(?:,(?:0|[1-9]\d*)?)?\})/.exec(this.text.slice(this.at))?.[0];
    if (next !== undefined) throw new SyntaxFault('invalid nested repetition operator', this.text.slice(start, this.at + next.length));
    if (this.last * times > maxRepeat) throw new SyntaxFault('invalid repeat count', this.text.slice(start, this.at));
    this.ended(this.last * times);
  }

  private ended(repeats: number): void {
    this.last = repeats;
    const group = this.groups.at(-1);
    if (group) group.repeats = Math.max(group.repeats, repeats);
  }

  private readEscape(): void {
    const next = this.text[this.at + 1];
    if (next === 'Q') {
      const end = this.text.indexOf('\\E', this.at + 2);
      const isEmpty = end === this.at + 2;
      this.at = end < 0 ? this.text.length : end + 2;
      if (!isEmpty) this.last = 1;
      return;
    }
    if (next !== undefined && 'AbBzdDsSwW'.includes(next)) this.at += 2;
    else if (next === 'p' || next === 'P') this.at = this.unicodeClass();
    else this.readCharacterEscape();
    this.last = 1;
  }

  private unicodeClass(): number {
    const end = unicodeClassEnd(this.text, this.at);
    if (end.isKnown) return end.at;
    throw new SyntaxFault('invalid character class range', this.text.slice(this.at, end.at));
  }

  /** One character; Go has no back-references, and knows octal and hexadecimal ones. */
  private readCharacterEscape(): void {
    const rest = this.text.slice(this.at);
    if (rest === '\\') throw new SyntaxFault('trailing backslash at end of expression', '');
    const known = /^\\(?:[1-7][0-7]{1,2}|0[0-7]{0,2}|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]+\}|[afnrtv]|[!-/:-@[-`{-~ ])/.exec(rest)?.[0];
    const isCharacter = known !== undefined && !(known.startsWith('\\x{') && Number.parseInt(known.slice(3, -1), 16) > 0x10ffff);
    if (!isCharacter) throw new SyntaxFault('invalid escape sequence', rest.slice(0, 1 + charLength(rest, 1)));
    this.at += known.length;
  }

  private readClass(): void {
    const start = this.at;
    this.at += this.text[this.at + 1] === '^' ? 2 : 1;
    for (let isFirst = true; isFirst || this.text[this.at] !== ']'; isFirst = false) {
      if (this.at >= this.text.length) throw new SyntaxFault('missing closing ]', this.text.slice(start));
      this.readMember(start);
    }
    this.at++;
  }

  private readMember(classStart: number): void {
    const rest = this.text.slice(this.at);
    const posix = /^\[:(\^?)([^\]]*?):\]/.exec(rest);
    if (posix) {
      if (!posixClasses.has(posix[2] ?? '')) throw new SyntaxFault('invalid character class range', posix[0]);
      this.at += posix[0].length;
    } else if (/^\\[pP]/.test(rest)) this.at = this.unicodeClass();
    else if (/^\\[dDsSwW]/.test(rest)) this.at += 2;
    else this.readRange(classStart);
  }

  private readRange(classStart: number): void {
    const start = this.at;
    const low = this.readClassCharacter(classStart);
    if (this.text[this.at] !== '-' || this.text[this.at + 1] === ']' || this.at + 1 >= this.text.length) return;
    this.at++;
    const high = this.readClassCharacter(classStart);
    if (high < low) throw new SyntaxFault('invalid character class range', this.text.slice(start, this.at));
  }

  private readClassCharacter(classStart: number): number {
    if (this.at >= this.text.length) throw new SyntaxFault('missing closing ]', this.text.slice(classStart));
    const start = this.at;
    if (this.text[this.at] === '\\') this.readCharacterEscape();
    else this.at += charLength(this.text, this.at);
    return codeOf(this.text.slice(start, this.at));
  }
}

const posixClasses = new Set('alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' '));

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** The character that a literal or an escape in a class stands for. */
function codeOf(text: string): number {
  if (text[0] !== '\\' || text.length === 1) return text.codePointAt(0) ?? 0;
  if (text.startsWith('\\x')) return Number.parseInt(text.replace(/[\\x{}]/g, ''), 16);
  if (/^\\[0-7]/.test(text)) return Number.parseInt(text.slice(1), 8);
  return controls[text[1] ?? ''] ?? text.codePointAt(1) ?? 0;
}

function charLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** As much as Go shows of a group that it does not know: up to the sign that it stumbled over. */
function unsupported(rest: string): string {
  return /^\(\?(?:<[=!]?|P[^<]?|[imsU-]*[^imsU-]?)/u.exec(rest)?.[0] ?? rest;
}
