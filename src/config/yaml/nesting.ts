/** Collections inside each other beyond this depth are refused before any parser sees them. */
export const maxNesting = 100;

/**
 * Offset at which a text nests deeper than `maxNesting`, or undefined: counts brackets and indentation without parsing,
 * because parsers of YAML recurse, and some shapes (`? ? ? ...`) cost them minutes.
 */
export function tooDeepAt(text: string): number | undefined {
  const indents: number[] = [];
  let brackets = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    let at = start;
    let isBlank = true;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x20) continue;
      if (isBlank) popDeeper(indents, at - start);
      isBlank = false;
      if (at + indicatorLength(text, at) === at) break;
      indents.push(at - start);
      if (indents.length > maxNesting) return at;
    }
    if (!isBlank) indents.push(at - start);
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x5b || code === 0x7b) brackets++;
      else if ((code === 0x5d || code === 0x7d) && brackets > 0) brackets--;
      if (brackets > maxNesting) return at;
    }
    if (indents.length > maxNesting) return at;
    start = end + 1;
  }
  return undefined;
}

/** Drops the levels that a line with this indentation ends. */
function popDeeper(indents: number[], indent: number): void {
  while (indents.length > 0 && (indents.at(-1) ?? 0) >= indent) indents.pop();
}

/** 1 where `- ` or `? ` opens a collection in the middle of a line. */
function indicatorLength(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code !== 0x2d && code !== 0x3f) return 0;
  const next = text.charCodeAt(at + 1);
  return next === 0x20 || next === 0x0a || at + 1 >= text.length ? 1 : 0;
}
