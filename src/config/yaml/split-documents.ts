/** One document of a file, with the `---` line that opens it. */
export interface DocumentText {
  readonly text: string;
  /** Line of the file on which the text begins, from 1. */
  readonly line: number;
}

/** Lines are counted in steps of so many characters. */
const step = 1024 * 1024;

/**
 * Splits a file at the lines `---` and `...` in column 1. They end a document wherever they stand, inside quotes and
 * literals too (YAML 1.2 section 9.1.4), so a fault in one document cannot hide the next. Documents without content are
 * left out; parts beyond `maxLength` are not looked into. Undefined now and then: much was searched, nothing found.
 */
export function* splitDocuments(text: string, maxLength = Number.POSITIVE_INFINITY): Generator<DocumentText | undefined> {
  const boundaries = new Boundaries(text);
  let start = 0;
  let line = 1;
  let counted = 0;
  let hasDirectives = false;
  for (let end = boundaries.after(0); ; end = boundaries.after(end)) {
    const part = text.slice(start, end);
    const isLast = end >= text.length;
    const content = part.length > maxLength ? 'document' : contentOf(part);
    const goesOn: boolean = content === 'directives' && !hasDirectives && !isLast;
    if (content === 'nothing' || goesOn) yield undefined;
    else {
      for (; counted < start; counted = Math.min(counted + step, start)) {
        line += countLines(text, counted, Math.min(counted + step, start));
        yield undefined;
      }
      yield { text: part, line };
    }
    if (isLast) return;
    hasDirectives = goesOn;
    if (!goesOn) start = end;
  }
}

/** The places where a document may begin, in order. */
class Boundaries {
  private readonly text: string;
  /** The next markers that were found; -1: not searched yet. */
  private open = -1;
  private close = -1;

  constructor(text: string) {
    this.text = text;
  }

  /** Start of the next line after `from` that opens a document, or that follows a line which ends one. */
  after(from: number): number {
    if (this.open <= from) this.open = this.find('---', from + 1);
    if (this.close < from) this.close = this.find('...', from);
    if (this.open < this.close || this.close >= this.text.length) return this.open;
    const newline = this.text.indexOf('\n', this.close);
    return newline < 0 ? this.text.length : newline + 1;
  }

  /** Start of the first line at or after `from` that is the marker. */
  private find(marker: string, from: number): number {
    const { text } = this;
    if (from === 0 && isMarker(text, 0, marker)) return 0;
    const wanted = `\n${marker}`;
    for (let at = text.indexOf(wanted, from - 1); at >= 0; at = text.indexOf(wanted, at + 1)) {
      if (isMarker(text, at + 1, marker)) return at + 1;
    }
    return text.length;
  }
}

function isMarker(text: string, at: number, marker: string): boolean {
  if (!text.startsWith(marker, at)) return false;
  const next = text[at + 3];
  return next === undefined || next === ' ' || next === '\t' || next === '\n' || next === '\r';
}

/** `directives`: the next `---` line belongs to this part. */
function contentOf(part: string): 'nothing' | 'directives' | 'document' {
  let found: 'nothing' | 'directives' = 'nothing';
  for (let at = 0; at < part.length; ) {
    const newline = part.indexOf('\n', at);
    const end = newline < 0 ? part.length : newline;
    let line = part.slice(at, end).trim();
    if (isMarker(part, at, '---') || isMarker(part, at, '...')) line = line.slice(3).trim();
    if (part[at] === '%') found = 'directives';
    else if (line !== '' && !line.startsWith('#')) return 'document';
    at = end + 1;
  }
  return found;
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
