import { type LineCursor, lineEnd, unknownSyntax } from './text-cursor.ts';

/** Reads a `|`, `|-` or `|+` literal whose header is at the cursor; `indent` is that of the map or list around it. */
export function readLiteral(text: string, lines: LineCursor, indent: number): string {
  let at = lines.at + 1;
  const chomp = text[at] === '-' || text[at] === '+' ? text[at++] : '';
  while (text.charCodeAt(at) === 0x20) at++;
  if (text.charCodeAt(at) !== 0x0a) throw unknownSyntax;
  const start = at + 1;
  const margin = marginOf(text, start);
  if (margin <= indent) throw unknownSyntax;
  const parts: string[] = [];
  for (at = start; at < text.length; ) {
    const end = text.indexOf('\n', at);
    if (end < 0) throw unknownSyntax;
    const spaces = countSpaces(text, at);
    const isBlank = at + spaces === end;
    if (!isBlank && spaces < margin) {
      if (spaces > indent || text.charCodeAt(at + spaces) === 0x09) throw unknownSyntax;
      break;
    }
    parts.push(text.slice(Math.min(at + margin, end), end));
    at = end + 1;
  }
  lines.at = at;
  lines.toContent();
  return chomped(parts, chomp ?? '');
}

/** Indentation of the first line with content; blank lines before it may not be deeper. */
function marginOf(text: string, start: number): number {
  let deepest = 0;
  for (let at = start; at < text.length; at = lineEnd(text, at) + 1) {
    const spaces = countSpaces(text, at);
    const code = text.charCodeAt(at + spaces);
    if (code === 0x09) throw unknownSyntax;
    if (code !== 0x0a && at + spaces < text.length) {
      if (deepest > spaces) throw unknownSyntax;
      return spaces;
    }
    deepest = Math.max(deepest, spaces);
  }
  throw unknownSyntax;
}

function countSpaces(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === 0x20) end++;
  return end - at;
}

function chomped(parts: readonly string[], chomp: string): string {
  if (chomp === '+') return `${parts.join('\n')}\n`;
  let count = parts.length;
  while (count > 0 && parts[count - 1] === '') count--;
  const body = parts.slice(0, count).join('\n');
  return chomp === '-' || count === 0 ? body : `${body}\n`;
}
