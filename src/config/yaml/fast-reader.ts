import { FlowReader } from './flow-reader.ts';
import { readLiteral } from './literal-reader.ts';
import { resolvePlain, unsupported } from './plain-scalar.ts';
import { isKeyEnd, LineCursor, maxDepth, scanPlainEnd, unknownSyntax } from './text-cursor.ts';

/**
 * Reads the part of YAML that configuration is written in (block maps and lists, quoted and plain scalars of one line,
 * `|` literals, flow collections of one line, whole documents in JSON) about ten times as fast as the complete parser.
 * Whatever it does not know, and whatever is wrong, is `undefined`: the complete parser then decides and finds the words.
 */
export function readFast(text: string): { readonly value: unknown } | undefined {
  try {
    const source = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
    if (source.includes('\r') || source.includes('\ufeff')) return undefined;
    return { value: new FastReader(source).document() };
  } catch (error) {
    if (error === unknownSyntax) return undefined;
    throw error;
  }
}

class FastReader {
  private readonly text: string;
  private readonly lines: LineCursor;
  private readonly flow: FlowReader;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    this.lines = new LineCursor(text);
    this.flow = new FlowReader(text);
  }

  document(): unknown {
    const { lines } = this;
    lines.skipMarker();
    if (!lines.toContent()) return null;
    const first = this.text.charCodeAt(lines.at);
    if (first === 0x7b || first === 0x5b) return this.flowDocument();
    const value = this.block();
    if (!lines.isDone) throw unknownSyntax;
    return value;
  }

  private flowDocument(): unknown {
    this.flow.multiline = true;
    const value = this.flow.read(this.lines.at);
    this.lines.at = this.flow.at;
    this.lines.endLine();
    if (this.lines.toContent()) throw unknownSyntax;
    return value;
  }

  /** A map or a list that begins at the current line. */
  private block(): unknown {
    if (++this.depth > maxDepth) throw unknownSyntax;
    const value = this.lines.isItem() ? this.list(this.lines.indent) : this.map(this.lines.indent);
    this.depth--;
    return value;
  }

  private list(indent: number): unknown[] {
    const { lines } = this;
    const items: unknown[] = [];
    while (!lines.isDone && lines.indent === indent && lines.isItem()) {
      lines.at++;
      lines.skipSpaces();
      items.push(this.itemValue(indent));
    }
    if (!lines.isDone && lines.indent > indent) throw unknownSyntax;
    return items;
  }

  private itemValue(indent: number): unknown {
    const { lines } = this;
    if (!lines.isAtLineEnd()) {
      const startsBlock = lines.isItem() || this.keyEnd(lines.at) >= 0;
      if (!startsBlock) return this.scalar(indent);
      lines.indent = lines.column();
      return this.block();
    }
    lines.endLine();
    return lines.toContent() && lines.indent > indent ? this.block() : null;
  }

  private map(indent: number): Record<string, unknown> {
    const { lines } = this;
    const map: Record<string, unknown> = {};
    while (!lines.isDone && lines.indent === indent) {
      if (lines.isItem()) break;
      const key = this.key();
      if (map[key] !== undefined) throw unknownSyntax;
      lines.skipSpaces();
      map[key] = this.mapValue(indent);
    }
    if (!lines.isDone && lines.indent > indent) throw unknownSyntax;
    return map;
  }

  private mapValue(indent: number): unknown {
    const { lines } = this;
    if (!lines.isAtLineEnd()) return this.scalar(indent);
    lines.endLine();
    if (!lines.toContent() || lines.indent < indent) return null;
    return lines.indent > indent || lines.isItem() ? this.block() : null;
  }

  private key(): string {
    const start = this.lines.at;
    const end = this.keyEnd(start);
    if (end < 0 || end - start > 1000) throw unknownSyntax;
    const first = this.text.charCodeAt(start);
    this.lines.at = end + 1;
    if (first === 0x22 || first === 0x27) {
      this.flow.multiline = false;
      const key = this.flow.quoted(start);
      if (key === '__proto__') throw unknownSyntax;
      return key;
    }
    return this.flow.plainKey(this.text.slice(start, end));
  }

  /** Index of the `:` that makes the text at `start` a key, or -1. */
  private keyEnd(start: number): number {
    const first = this.text.charCodeAt(start);
    if (first === 0x22 || first === 0x27) {
      this.flow.multiline = false;
      this.flow.quoted(start);
      return isKeyEnd(this.text, this.flow.at) ? this.flow.at : -1;
    }
    if (first === 0x5b || first === 0x7b || first === 0x7c) return -1;
    const end = scanPlainEnd(this.text, start);
    return isKeyEnd(this.text, end) ? end : -1;
  }

  /** A value that begins in the middle of a line; `indent` is that of the map or list around it. */
  private scalar(indent: number): unknown {
    const { lines, text } = this;
    const first = text.charCodeAt(lines.at);
    if (first === 0x7c) return readLiteral(text, lines, indent);
    const value = this.lineValue(first);
    lines.endLine();
    if (lines.toContent() && lines.indent > indent) throw unknownSyntax;
    return value;
  }

  private lineValue(first: number): unknown {
    const { lines, text, flow } = this;
    flow.multiline = false;
    if (first === 0x5b || first === 0x7b || first === 0x22 || first === 0x27) {
      const value = first === 0x22 || first === 0x27 ? flow.quoted(lines.at) : flow.read(lines.at);
      lines.at = flow.at;
      return value;
    }
    const start = lines.at;
    let end = scanPlainEnd(text, start);
    if (text.charCodeAt(end) === 0x3a) throw unknownSyntax;
    lines.at = end;
    while (text.charCodeAt(end - 1) === 0x20) end--;
    const value = resolvePlain(text.slice(start, end));
    if (value === unsupported) throw unknownSyntax;
    return value;
  }
}
