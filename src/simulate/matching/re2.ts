import { linearRegex } from '../../lib/linear-regex.ts';
import type { Doubt } from '../three-valued.ts';
import { translateRe2 } from './translate-re2.ts';

/** An expression of RE2. */
export interface Re2 {
  /** Whether the whole text matches (RE2 `FullMatch`). */
  matchesAll(text: string): boolean;
  /** Every match replaced, `\1` standing for a group (RE2 `GlobalReplace`); undefined where that might take for ever. */
  replaceAll(text: string, substitution: string): string | undefined;
}

/** With so many choices the time that JavaScript needs is at most the square of the text's length. */
const quickChoices = 2;
/** And with so many still to be waited for, as they are usually written. */
const bearableChoices = 8;

/**
 * Compiles an expression; undefined where it can neither be run by JavaScript (`\C`, `(?U)`) without the risk that it never ends, nor in
 * linear time: whoever asks for an explanation must not stop the control plane. What may differ: RE2 takes bytes that are no UTF-8 as
 * they are. Nothing is replaced where a group is repeated.
 */
export function compileRe2(regex: string): Re2 | undefined {
  const source = translateRe2(regex);
  if (source === undefined) return undefined;
  const choices = choicesIn(regex);
  try {
    const whole = new RegExp(`^(?:${source})$`, 'u');
    const any = new RegExp(source, 'gu');
    const inJavaScript = (text: string) => whole.test(text);
    const matchesAll =
      choices <= quickChoices ? inJavaScript : (linearRegex(anchored(regex)) ?? (choices <= bearableChoices && inJavaScript));
    if (matchesAll === false) return undefined;
    return {
      matchesAll,
      replaceAll: (text, substitution) => (choices <= bearableChoices ? replaceAll(any, text, substitution) : undefined),
    };
  } catch {
    return undefined;
  }
}

/** What is said where an expression is none that can be run. */
export function cannotBeEvaluated(regex: string): Doubt {
  return { doubt: `the expression ${JSON.stringify(regex)} cannot be evaluated here` };
}

/** In how many places an expression may go on in several ways, at most; where a group is repeated their number grows with the text. */
function choicesIn(regex: string): number {
  return /\)[*+{]/.test(regex) ? Number.POSITIVE_INFINITY : (regex.match(/(?<!\()[*+?{|]/g) ?? []).length;
}

function anchored(regex: string): string {
  const [flags = ''] = /^\(\?[is]+\)/.exec(regex) ?? [];
  return `${flags}^(?:${regex.slice(flags.length)})$`;
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
