/** Thrown, and caught by `readFast` alone, where the fast reader gives up. */
export const unknownSyntax = Symbol('unknown syntax');

/** Collections inside each other beyond this depth are left to the complete parser. */
export const maxDepth = 64;

/** Moves over a text line by line, past blank lines and comments, and knows the indentation of the current line. */
export class LineCursor {
  at = 0;
  indent = 0;
  isDone = false;
  private lineStart = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Past a `---` line that holds nothing else. */
  skipMarker(): void {
    this.at = 0;
    if (!this.toContent()) return;
    if (this.indent !== 0 || !this.text.startsWith('---', this.at)) {
      this.at = this.lineStart;
      return;
    }
    this.at += 3;
    this.skipSpaces();
    if (!this.isAtLineEnd()) throw unknownSyntax;
    this.endLine();
  }

  /** To the first character of the next line with content, which may be the current one; false at the end. */
  toContent(): boolean {
    const { text } = this;
    for (;;) {
      let at = this.at;
      while (text.charCodeAt(at) === 0x20) at++;
      const code = text.charCodeAt(at);
      if (at >= text.length) break;
      if (code === 0x0a) this.at = at + 1;
      else if (code === 0x23) this.at = lineEnd(text, at) + 1;
      else if (code === 0x09) throw unknownSyntax;
      else {
        this.lineStart = this.at;
        this.indent = at - this.at;
        this.at = at;
        return true;
      }
      if (this.at >= text.length) break;
    }
    this.at = text.length;
    this.indent = -1;
    this.isDone = true;
    return false;
  }

  skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === 0x20) this.at++;
  }

  /** At the end of the line or at a comment after a space. */
  isAtLineEnd(): boolean {
    const code = this.text.charCodeAt(this.at);
    if (code === 0x0a || this.at >= this.text.length) return true;
    return code === 0x23 && this.text.charCodeAt(this.at - 1) === 0x20;
  }

  /** Past the end of the line; nothing but spaces and a comment may be left on it. */
  endLine(): void {
    this.skipSpaces();
    if (!this.isAtLineEnd()) throw unknownSyntax;
    this.at = Math.min(lineEnd(this.text, this.at) + 1, this.text.length);
  }

  /** Whether a list item begins here: `-` and a space or the end of the line. */
  isItem(): boolean {
    if (this.text.charCodeAt(this.at) !== 0x2d) return false;
    const next = this.text.charCodeAt(this.at + 1);
    return next === 0x20 || next === 0x0a || this.at + 1 >= this.text.length;
  }

  column(): number {
    return this.at - this.lineStart;
  }
}

export function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Whether a `:` stands at `at` that ends a key of a block map. */
export function isKeyEnd(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 0x3a) return false;
  const next = text.charCodeAt(at + 1);
  return next === 0x20 || next === 0x0a || at + 1 >= text.length;
}

/** Where the plain text that begins at `start` ends: at `: `, before ` #`, or at the end of the line. */
export function scanPlainEnd(text: string, start: number): number {
  if (!canStartPlain(text, start)) throw unknownSyntax;
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) break;
    if (code === 0x3a && isKeyEnd(text, at)) break;
    if (code === 0x23 && text.charCodeAt(at - 1) === 0x20) break;
    if (code === 0x09) throw unknownSyntax;
  }
  return at;
}

/** Not an indicator; `-` where something follows it at once. `?` and `:` at the front are left to the complete parser. */
export function canStartPlain(text: string, at: number): boolean {
  const char = text[at];
  if (char === undefined || ' \n\t?:,[]{}#&*!|>\'"%@`'.includes(char)) return false;
  if (char !== '-') return true;
  const next = text[at + 1];
  return next !== undefined && !' \n\t,[]{}'.includes(next);
}
