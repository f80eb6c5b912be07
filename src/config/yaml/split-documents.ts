/** One document of a file, with the `---` line that opens it. */
export interface DocumentText {
  readonly text: string;
  /** Line of the file on which the text begins, from 1. */
  readonly line: number;
}

/**
 * Splits a file at the lines `---` and `...` in column 1. They end a document wherever they stand, inside quotes and
 * literals too (YAML 1.2 section 9.1.4), so a fault in one document cannot hide the next. Documents without content are
 * left out.
 */
export function* splitDocuments(text: string): Generator<DocumentText> {
  let start = 0;
  let line = 1;
  let lineAt = 0;
  for (let end = nextBoundary(text, start); ; end = nextBoundary(text, end)) {
    const part = text.slice(start, end);
    const isLast = end >= text.length;
    const content = contentOf(part);
    if (content === 'document' || (isLast && content === 'directives')) {
      line += countLines(text, lineAt, start);
      lineAt = start;
      yield { text: part, line };
    }
    if (isLast) return;
    if (content !== 'directives') start = end;
  }
}

/** Start of the next line after `from` that opens a document, or follows the line that ends one. */
function nextBoundary(text: string, from: number): number {
  let at = from;
  for (;;) {
    const newline = text.indexOf('\n', at);
    if (newline < 0) return text.length;
    if (at > from || at === 0 ? isMarker(text, at, '...') : isMarker(text, at, '...')) return newline + 1;
    at = newline + 1;
    if (isMarker(text, at, '---')) return at;
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
