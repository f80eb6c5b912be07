/** What an expression says, as a tree. */
export type RegexNode =
  | { readonly kind: 'reads'; readonly reads: (code: number) => boolean }
  | { readonly kind: 'at'; readonly at: (before: number | undefined, after: number | undefined) => boolean }
  | { readonly kind: 'sequence' | 'either'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly part: RegexNode; readonly min: number; readonly max: number | undefined };

class NotKnown extends Error {}

const maxDepth = 100;
const maxRepeat = 1000;
const newline = 10;

/** Reads the part of RE2's syntax that people use: classes, groups, alternatives, repetitions, places, and `(?is)` at the beginning. */
export class RegexParser {
  private readonly text: readonly string[];
  private readonly ignoresCase: boolean;
  private readonly dotTakesAll: boolean;
  private at = 0;
  private depth = 0;

  constructor(expression: string) {
    this.text = Array.from(expression);
    const [whole = '', flags = ''] = /^\(\?([is]+)\)/.exec(expression) ?? [];
    this.at = whole.length;
    this.ignoresCase = flags.includes('i');
    this.dotTakesAll = flags.includes('s');
  }

  /** Undefined: it is no expression, or not one that is known here. */
  parse(): RegexNode | undefined {
    try {
      const node = this.either();
      return this.at === this.text.length ? node : undefined;
    } catch (error) {
      if (error instanceof NotKnown) return undefined;
      throw error;
    }
  }

  private either(): RegexNode {
    if (++this.depth > maxDepth) throw new NotKnown();
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    this.depth--;
    return { kind: 'either', parts };
  }

  private sequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (this.at < this.text.length && this.peek() !== '|' && this.peek() !== ')') parts.push(this.repeated());
    return { kind: 'sequence', parts };
  }

  private repeated(): RegexNode {
    const part = this.single();
    const bounds = this.bounds();
    if (bounds === undefined) return part;
    // Lazy or not, it is found or not.
    this.take('?');
    if (this.bounds() !== undefined) throw new NotKnown();
    return { kind: 'repeat', part, ...bounds };
  }

  private bounds(): { readonly min: number; readonly max: number | undefined } | undefined {
    if (this.take('*')) return { min: 0, max: undefined };
    if (this.take('+')) return { min: 1, max: undefined };
    if (this.take('?')) return { min: 0, max: 1 };
    const [whole, min, comma, max = ''] = /^\{(\d+)(,(\d*))?\}/.exec(this.text.slice(this.at, this.at + 12).join('')) ?? [];
    if (whole === undefined) return undefined;
    this.at += whole.length;
    const bounds = { min: Number(min), max: comma === undefined ? Number(min) : max === '' ? undefined : Number(max) };
    if (bounds.min > maxRepeat || (bounds.max ?? 0) > maxRepeat || (bounds.max ?? bounds.min) < bounds.min) throw new NotKnown();
    return bounds;
  }

  private single(): RegexNode {
    const sign = this.next();
    if (sign === '(') return this.group();
    if (sign === '[') return { kind: 'reads', reads: this.charClass() };
    if (sign === '.') return { kind: 'reads', reads: (code) => this.dotTakesAll || code !== newline };
    if (sign === '^') return { kind: 'at', at: (before) => before === undefined };
    if (sign === '$') return { kind: 'at', at: (_before, after) => after === undefined };
    if (sign === '\\') return this.escape();
    if ('*+?)'.includes(sign)) throw new NotKnown();
    return { kind: 'reads', reads: this.range(codeOf(sign), codeOf(sign)) };
  }

  private group(): RegexNode {
    const [named] = /^\?P?<\w+>/.exec(this.text.slice(this.at, this.at + 80).join('')) ?? [];
    if (named !== undefined) this.at += named.length;
    else if (this.take('?') && !this.take(':')) throw new NotKnown();
    const node = this.either();
    if (!this.take(')')) throw new NotKnown();
    return node;
  }

  private escape(): RegexNode {
    const sign = this.next();
    if (sign === 'A') return { kind: 'at', at: (before) => before === undefined };
    if (sign === 'z') return { kind: 'at', at: (_before, after) => after === undefined };
    if (sign === 'b' || sign === 'B') return { kind: 'at', at: (before, after) => (isWord(before) !== isWord(after)) === (sign === 'b') };
    return { kind: 'reads', reads: this.escaped(sign) };
  }

  private charClass(): (code: number) => boolean {
    const isNegated = this.take('^');
    const members: ((code: number) => boolean)[] = [];
    do {
      const sign = this.next();
      if (sign === '[' && this.peek() === ':') throw new NotKnown();
      const escapedSign = sign === '\\' ? this.next() : undefined;
      if (this.peek() !== '-' || this.text[this.at + 1] === ']')
        members.push(escapedSign === undefined ? this.range(codeOf(sign), codeOf(sign)) : this.escaped(escapedSign));
      else {
        this.at++;
        const last = this.next();
        const [low, high] = [codeOf(escapedSign ?? sign), codeOf(last === '\\' ? this.next() : last)];
        if ((escapedSign !== undefined && escapedSign in shorthands) || high < low) throw new NotKnown();
        members.push(this.range(low, high));
      }
    } while (!this.take(']'));
    return (code) => members.some((member) => member(code)) !== isNegated;
  }

  private escaped(sign: string): (code: number) => boolean {
    const known = shorthands[sign];
    if (known !== undefined) return known;
    const code = controls[sign] ?? codeOf(sign);
    if (controls[sign] === undefined && /[A-Za-z0-9]/.test(sign)) throw new NotKnown();
    return this.range(code, code);
  }

  private range(low: number, high: number): (code: number) => boolean {
    const isWithin = (code: number) => code >= low && code <= high;
    return this.ignoresCase ? (code) => inAllCases(code).some(isWithin) : isWithin;
  }

  private peek(): string | undefined {
    return this.text[this.at];
  }

  private take(sign: string): boolean {
    if (this.peek() !== sign) return false;
    this.at++;
    return true;
  }

  private next(): string {
    const sign = this.text[this.at++];
    if (sign === undefined) throw new NotKnown();
    return sign;
  }
}

const shorthands: Readonly<Record<string, (code: number) => boolean>> = {
  d: isDigit,
  w: isWord,
  s: isSpace,
  D: (code) => !isDigit(code),
  W: (code) => !isWord(code),
  S: (code) => !isSpace(code),
};
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7 };

/** A sign, and the one that it is in the other case; those that become several have no other. */
function inAllCases(code: number): readonly number[] {
  const sign = String.fromCodePoint(code);
  return [sign, sign.toLowerCase(), sign.toUpperCase()].filter((one) => one.length === sign.length).map(codeOf);
}

function codeOf(sign: string): number {
  return sign.codePointAt(0) ?? 0;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && (isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95);
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13 && code !== 11);
}
