/** Rules on string matches. Patterns are RE2 for Envoy; here their length and syntax are looked at, they are never run. */

import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import { re2Fault } from './re2-syntax.ts';
import type { StringMatch } from './string-match.ts';

/** Istio refuses longer ones, so that Envoy's compiled program stays small. */
export const maxRegexBytes = 1024;

export function wrongRegex(regex: string): string | undefined {
  if (regex === '') return 'must not be empty';
  if (new TextEncoder().encode(regex).length > maxRegexBytes) return `must have at most ${maxRegexBytes} bytes`;
  const fault = re2Fault(regex);
  return fault === undefined ? undefined : `must be an expression of RE2's syntax: ${fault}`;
}

interface MatchOptions {
  /** Envoy takes an empty prefix for paths only. */
  readonly allowsEmptyPrefix?: boolean;
  /** `regex: "*"` means presence in `withoutHeaders`. */
  readonly allowsStar?: boolean;
}

export function checkStringMatch(match: StringMatch | undefined, path: Path, report: Report, options: MatchOptions = {}): void {
  if (!match) return;
  if (match.prefix === '' && !options.allowsEmptyPrefix) report.error([...path, 'prefix'], 'must not be empty');
  if (match.regex === undefined || (options.allowsStar && match.regex === '*')) return;
  const wrong = wrongRegex(match.regex);
  if (wrong !== undefined) report.error([...path, 'regex'], wrong);
}
