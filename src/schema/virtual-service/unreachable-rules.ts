/** Warns of rules and matches of a VirtualService that can never apply, as Istio's validation does (IST0130, IST0131). */

import { isJsonObject } from '../field/free-json.ts';
import type { Path } from '../field/parse-context.ts';
import { issueCodes } from '../issue-codes.ts';
import type { StringMatch } from '../parts/string-match.ts';
import type { Report } from '../report.ts';
import type { HttpMatch } from './http-match.ts';

interface Rule {
  readonly name?: string;
  readonly match?: readonly Readonly<Record<string, unknown>>[];
}

/** Rules behind one without matches, and matches that an earlier rule states word for word. */
export function warnOfUnreachableRules(rules: readonly Rule[], path: Path, report: Report): void {
  const firstWith = new Map<string, number>();
  let catchAll: number | undefined;
  for (const [i, rule] of rules.entries()) {
    const at = [...path, i];
    const matches = rule.match ?? [];
    if (catchAll !== undefined) {
      report.warnAs(issueCodes.unreachableRule, at, `is never used: rule ${nameOf(rules[catchAll]!, catchAll)} before it has no match`);
    }
    if (matches.length === 0) catchAll = i;
    if (catchAll !== undefined) continue;
    let duplicates = 0;
    for (const [j, match] of matches.entries()) {
      const { name: _name, ...conditions } = match;
      const text = stableJson(conditions);
      const first = firstWith.get(text);
      if (first === undefined) firstWith.set(text, i);
      else {
        duplicates++;
        report.warnAs(
          issueCodes.ineffectiveMatch,
          [...at, 'match', j],
          `is never used: rule ${nameOf(rules[first]!, first)} has the same match`,
        );
      }
    }
    if (duplicates === matches.length)
      report.warnAs(issueCodes.unreachableRule, at, 'is never used: earlier rules have all of its matches');
  }
}

function nameOf(rule: Rule, index: number): string {
  return rule.name ? `"${rule.name}"` : `#${index}`;
}

function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value) ?? 'null';
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${stableJson(value[key])}`).join()}}`;
}

interface PrefixMatch {
  readonly prefix: string;
  readonly port: number | undefined;
  readonly conditions: Readonly<Record<string, string>>;
  readonly path: Path;
  readonly rule: string;
}

/** Pairs of matches are as many as the square of the matches: 20 ms for so many; later pairs are not compared. */
const maxComparisons = 100_000;

/** Prefix matches that an earlier, shorter prefix with the same other conditions already takes. */
export function warnOfCoveredPrefixes(
  rules: readonly { readonly name?: string; readonly match?: readonly HttpMatch[] }[],
  path: Path,
  report: Report,
): void {
  const matches = rules.flatMap((rule, i) =>
    (rule.match ?? []).flatMap((match, j) => prefixMatch(match, [...path, i, 'match', j], nameOf(rule, i))),
  );
  let comparisons = 0;
  for (const [i, earlier] of matches.entries()) {
    for (let j = i + 1; j < matches.length; j++) {
      const later = matches[j];
      if (later === undefined || ++comparisons > maxComparisons) return;
      if (later.prefix === earlier.prefix || !covers(earlier, later)) continue;
      report.warnAs(
        issueCodes.ineffectiveMatch,
        later.path,
        `is never used: prefix ${earlier.prefix} of rule ${earlier.rule} covers ${later.prefix}`,
      );
    }
  }
}

function prefixMatch(match: HttpMatch, path: Path, rule: string): PrefixMatch[] {
  const prefix = match.uri?.prefix;
  if (!prefix) return [];
  const conditions: Record<string, string> = Object.create(null);
  conditions['method'] = textOf(match.method) || 'exact:GET';
  conditions['authority'] = textOf(match.authority);
  for (const part of ['headers', 'queryParams', 'withoutHeaders'] as const) {
    const entries = match[part];
    for (const key in entries) conditions[`${part}:${key}`] = textOf(entries[key]);
  }
  return [{ prefix, port: match.port, conditions, path, rule }];
}

function textOf(match: StringMatch | undefined): string {
  if (match?.exact) return `exact:${match.exact}`;
  return match?.prefix ? `prefix:${match.prefix}` : '';
}

/** Istio's approximation: the same conditions by name, each value of the earlier one at least as long as the later one's. */
function covers(earlier: PrefixMatch, later: PrefixMatch): boolean {
  if (!later.prefix.startsWith(earlier.prefix) || earlier.port !== later.port) return false;
  const names = Object.keys(earlier.conditions);
  if (names.length !== Object.keys(later.conditions).length) return false;
  return names.every((name) => {
    const other = later.conditions[name];
    return other !== undefined && earlier.conditions[name]!.startsWith(other);
  });
}
