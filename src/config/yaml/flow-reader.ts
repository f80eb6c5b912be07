import { resolvePlain, unsupported } from './plain-scalar.ts';
import { canStartPlain, maxDepth, unknownSyntax } from './text-cursor.ts';

const decimalKey = /^(?:0|[1-9][0-9]{0,14})$/;

/** Reads flow collections (`[a, b]`, `{a: b}`, JSON) and quoted scalars; `at` is where the last reading ended. */
export class FlowReader {
  at = 0;
  /** Whether the collection may go on over several lines, as in a document that is JSON. */
  multiline = false;
  private depth = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  read(start: number): unknown {
    this.at = start;
    this.depth = 0;
    return this.value();
  }

  /** A key without quotes; only text and plain decimal numbers are sure to mean what they look like. */
  plainKey(text: string): string {
    if (text === '<<' || text === '__proto__' || text.endsWith(' ')) throw unknownSyntax;
    if (typeof resolvePlain(text) !== 'string' && !decimalKey.test(text)) throw unknownSyntax;
    return text;
  }

  /** A quoted scalar on one line that begins at `start`. */
  quoted(start: number): string {
    const { text } = this;
    const quote = text[start];
    return quote === '"' ? this.doubleQuoted(start) : this.singleQuoted(start);
  }

  private value(): unknown {
    const { text } = this;
    const code = text.charCodeAt(this.at);
    if (code === 0x22 || code === 0x27) return this.quoted(this.at);
    if (code !== 0x5b && code !== 0x7b) return this.plain();
    if (++this.depth > maxDepth) throw unknownSyntax;
    this.at++;
    const value = code === 0x5b ? this.list() : this.map();
    this.depth--;
    return value;
  }

  private list(): unknown[] {
    const items: unknown[] = [];
    this.skipSpace();
    if (this.take(0x5d)) return items;
    for (;;) {
      items.push(this.value());
      this.skipSpace();
      if (this.take(0x5d)) return items;
      this.comma();
    }
  }

  private map(): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    this.skipSpace();
    if (this.take(0x7d)) return map;
    for (;;) {
      const key = this.key();
      if (map[key] !== undefined) throw unknownSyntax;
      this.skipSpace();
      map[key] = this.value();
      this.skipSpace();
      if (this.take(0x7d)) return map;
      this.comma();
    }
  }

  private key(): string {
    const code = this.text.charCodeAt(this.at);
    if (code === 0x22 || code === 0x27) {
      const key = this.quoted(this.at);
      if (key === '__proto__' || !this.take(0x3a)) throw unknownSyntax;
      return key;
    }
    const start = this.at;
    this.at = this.plainEnd(start);
    const key = this.plainKey(this.text.slice(start, this.at));
    if (!this.take(0x3a)) throw unknownSyntax;
    return key;
  }

  private plain(): unknown {
    const start = this.at;
    this.at = this.plainEnd(start);
    let end = this.at;
    while (this.text.charCodeAt(end - 1) === 0x20) end--;
    const value = resolvePlain(this.text.slice(start, end));
    if (value === unsupported) throw unknownSyntax;
    return value;
  }

  private plainEnd(start: number): number {
    const { text } = this;
    if (!canStartPlain(text, start)) throw unknownSyntax;
    let at = start;
    for (; at < text.length; at++) {
      const char = text[at] ?? '';
      if (',[]{}\n'.includes(char)) break;
      if (char === '#' || char === '\t') throw unknownSyntax;
      if (char === ':' && ' ,[]{}\n'.includes(text[at + 1] ?? '\n')) break;
    }
    return at;
  }

  private doubleQuoted(start: number): string {
    const { text } = this;
    let hasEscape = false;
    let at = start + 1;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x22) break;
      if (code === 0x0a || at >= text.length || code === 0x09) throw unknownSyntax;
      if (code === 0x5c) {
        hasEscape = true;
        at++;
        if (text.charCodeAt(at) === 0x0a) throw unknownSyntax;
      }
    }
    this.at = at + 1;
    return hasEscape ? unescaped(text.slice(start, at + 1)) : text.slice(start + 1, at);
  }

  private singleQuoted(start: number): string {
    const { text } = this;
    let at = start + 1;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x0a || at >= text.length || code === 0x09) throw unknownSyntax;
      if (code !== 0x27) continue;
      if (text.charCodeAt(at + 1) !== 0x27) break;
      at++;
    }
    this.at = at + 1;
    return text.slice(start + 1, at).replaceAll("''", "'");
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && !(code === 0x0a && this.multiline)) return;
      this.at++;
    }
  }

  private take(code: number): boolean {
    if (this.text.charCodeAt(this.at) !== code) return false;
    this.at++;
    return true;
  }

  private comma(): void {
    if (!this.take(0x2c)) throw unknownSyntax;
    this.skipSpace();
  }
}

/** Escapes that JSON has mean the same in YAML; the rest is left to the complete parser. */
function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw unknownSyntax;
  }
}
