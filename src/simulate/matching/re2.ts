import { translateRe2 } from './translate-re2.ts';

/** An expression of RE2 that is run by JavaScript. */
export interface Re2 {
  /** Whether the whole text matches (RE2 `FullMatch`). */
  matchesAll(text: string): boolean;
  /** Every match replaced, `\1` standing for a group (RE2 `GlobalReplace`). */
  replaceAll(text: string, substitution: string): string;
}

/**
 * Compiles an expression; undefined where JavaScript has no equivalent (`\C`, `(?U)`). What may differ: RE2 takes bytes that are no
 * UTF-8 as they are, and needs time in proportion to the text, where JavaScript may need far more for nested repetitions.
 */
export function compileRe2(regex: string): Re2 | undefined {
  const source = translateRe2(regex);
  if (source === undefined) return undefined;
  try {
    const whole = new RegExp(`^(?:${source})$`, 'u');
    const any = new RegExp(source, 'gu');
    return { matchesAll: (text) => whole.test(text), replaceAll: (text, substitution) => replaceAll(any, text, substitution) };
  } catch {
    return undefined;
  }
}

/** An empty match directly after another one counts for RE2 as none. */
function replaceAll(expression: RegExp, text: string, substitution: string): string {
  let result = '';
  let end = 0;
  let lastEnd = -1;
  for (const match of text.matchAll(expression)) {
    const [whole] = match;
    if (whole === '' && match.index === lastEnd) continue;
    result += text.slice(end, match.index) + substitute(substitution, match);
    end = match.index + whole.length;
    lastEnd = end;
  }
  return result + text.slice(end);
}

function substitute(substitution: string, groups: readonly (string | undefined)[]): string {
  return substitution.replace(/\\(\d|\\)/g, (_, what: string) => (what === '\\' ? '\\' : (groups[Number(what)] ?? '')));
}
