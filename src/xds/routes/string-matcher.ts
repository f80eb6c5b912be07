import type { StringMatcher } from '../../envoy/generated/envoy/type/matcher/v3/StringMatcher.ts';
import type { StringMatch } from '../../schema/parts/string-match.ts';

/** Undefined where the user gave neither exact, prefix nor regex. Regular expressions go to Envoy as they are. */
export function buildStringMatcher(match: StringMatch): StringMatcher | undefined {
  if (match.exact !== undefined) return { exact: match.exact };
  if (match.prefix !== undefined) return { prefix: match.prefix };
  return match.regex === undefined ? undefined : { safe_regex: { regex: match.regex } };
}

/** Nothing, or the regex `*`, which is no RE2 expression: asks for presence (Istio `canBeConvertedToPresentMatch`). */
export function asksForPresence(match: StringMatch): boolean {
  if (match.exact === undefined && match.prefix === undefined && match.regex === undefined) return true;
  return match.exact === undefined && match.prefix === undefined && match.regex === '*';
}
