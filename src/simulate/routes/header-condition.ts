import type { HeaderMatcher } from '../../envoy/generated/envoy/config/route/v3/HeaderMatcher.ts';
import { type HttpRequest, headerValue } from '../http/http-request.ts';
import { matchExpression, matchText, type TextMatcher } from '../matching/text-matcher.ts';
import { doubtAbout, isDoubt } from '../three-valued.ts';
import type { Condition } from './condition.ts';

/** A condition on a header. One that is not there fulfils none but "absent", inverted or not, unless it counts as empty. */
export function headerCondition(matcher: HeaderMatcher): Condition {
  const name = (matcher.name ?? '').toLowerCase();
  const isInverted = matcher.invert_match === true;
  const value = valueMatcher(matcher);
  if (value === undefined) return presenceCondition(name, (matcher.present_match ?? true) !== isInverted);
  const shown = (request: HttpRequest) => headerValue(request, name) ?? (matcher.treat_missing_header_as_empty === true ? '' : undefined);
  return {
    holds: (request) => {
      const text = shown(request);
      if (text === undefined) return false;
      const holds = value.holds(text);
      return isDoubt(holds) ? doubtAbout(`header ${name}`, holds) : holds !== isInverted;
    },
    failure: (request) => {
      const text = shown(request);
      const has = text === undefined ? 'the request has none' : `the request has ${JSON.stringify(text)}`;
      return `header ${name}: wants ${isInverted ? 'anything but ' : ''}${value.wants}, ${has}`;
    },
  };
}

function presenceCondition(name: string, isWanted: boolean): Condition {
  return {
    holds: (request) => (headerValue(request, name) !== undefined) === isWanted,
    failure: (request) =>
      isWanted
        ? `header ${name}: must be there, the request has none`
        : `header ${name}: must not be there, the request has ${JSON.stringify(headerValue(request, name))}`,
  };
}

/** Undefined: presence is asked for, or absence. */
function valueMatcher(matcher: HeaderMatcher): TextMatcher | undefined {
  const { string_match, range_match, exact_match, prefix_match, suffix_match, contains_match, safe_regex_match } = matcher;
  if (string_match) return matchText(string_match);
  if (range_match) return matchRange(Number(range_match.start ?? 0), Number(range_match.end ?? 0));
  if (exact_match !== undefined) return matchText({ exact: exact_match });
  if (prefix_match !== undefined) return matchText({ prefix: prefix_match });
  if (suffix_match !== undefined) return matchText({ suffix: suffix_match });
  if (contains_match !== undefined) return matchText({ contains: contains_match });
  if (safe_regex_match) return matchExpression(safe_regex_match.regex ?? '');
  return undefined;
}

function matchRange(start: number, end: number): TextMatcher {
  return {
    holds: (value) => /^\s*[+-]?\d+\s*$/.test(value) && Number(value) >= start && Number(value) < end,
    wants: `a whole number from ${start} to below ${end}`,
  };
}
