/** Collections inside each other beyond this depth are refused before any parser sees them. */
export const maxNesting = 100;

/** Keys that are collections themselves, inside each other: `yaml` needs seconds for a line of 90. */
const maxComplexKeys = 3;

interface Level {
  readonly indent: number;
  readonly isKey: boolean;
}

/**
 * Offset at which a text nests deeper than `maxNesting`, or undefined: counts brackets and indentation without parsing,
 * because parsers of YAML recurse, and some shapes (`? ? ? ...`) cost them minutes.
 */
export function tooDeepAt(text: string): number | undefined {
  const levels: Level[] = [];
  let brackets = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    let at = contentStart(text, start, end);
    while ((levels.at(-1)?.indent ?? -1) >= at - start && at < end) levels.pop();
    for (; at < end && isIndicator(text, at); at = contentStart(text, at + 1, end))
      levels.push({ indent: at - start, isKey: text[at] === '?' });
    if (at < end) levels.push({ indent: at - start, isKey: false });
    if (isTooDeep(levels)) return at;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x5b || code === 0x7b) brackets++;
      else if ((code === 0x5d || code === 0x7d) && brackets > 0) brackets--;
      if (brackets > maxNesting) return at;
    }
    start = end + 1;
  }
  return undefined;
}

function isTooDeep(levels: readonly Level[]): boolean {
  if (levels.length > maxNesting) return true;
  return levels.length > maxComplexKeys && levels.filter(({ isKey }) => isKey).length > maxComplexKeys;
}

function contentStart(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) === 0x20) at++;
  return at;
}

/** Whether `- ` or `? ` opens a collection here. */
function isIndicator(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code !== 0x2d && code !== 0x3f) return false;
  const next = text.charCodeAt(at + 1);
  return next === 0x20 || next === 0x0a || at + 1 >= text.length;
}
