import type { StringMatcher } from '../../envoy/generated/envoy/type/matcher/v3/StringMatcher.ts';
import type { Maybe } from '../three-valued.ts';
import { cannotBeEvaluated, compileRe2 } from './re2.ts';

/** A compiled condition on a text. */
export interface TextMatcher {
  holds(value: string): Maybe;
  /** What it wants: `exactly "jason"`. */
  readonly wants: string;
}

/** Envoy's StringMatcher in all of its forms; expressions match the whole text. */
export function matchText(matcher: StringMatcher): TextMatcher {
  const fold = matcher.ignore_case === true ? (text: string) => text.toLowerCase() : (text: string) => text;
  const inAnyCase = matcher.ignore_case === true ? ', in any case' : '';
  const by = (wants: string, text: string, test: (value: string, wanted: string) => boolean): TextMatcher => {
    const wanted = fold(text);
    return { holds: (value) => test(fold(value), wanted), wants: `${wants} ${JSON.stringify(text)}${inAnyCase}` };
  };
  if (matcher.exact !== undefined) return by('exactly', matcher.exact, (value, wanted) => value === wanted);
  if (matcher.prefix !== undefined) return by('something that begins with', matcher.prefix, (value, wanted) => value.startsWith(wanted));
  if (matcher.suffix !== undefined) return by('something that ends with', matcher.suffix, (value, wanted) => value.endsWith(wanted));
  if (matcher.contains !== undefined) return by('something that contains', matcher.contains, (value, wanted) => value.includes(wanted));
  if (matcher.safe_regex) return matchExpression(matcher.safe_regex.regex ?? '');
  const doubt = { doubt: 'this kind of condition is not evaluated' };
  return { holds: () => doubt, wants: 'something that is not evaluated' };
}

/** An expression over a whole text. Of one that cannot be run nobody can say whether it matches. */
export function matchExpression(regex: string): TextMatcher {
  const expression = compileRe2(regex);
  const doubt = cannotBeEvaluated(regex);
  return { holds: (value) => expression?.matchesAll(value) ?? doubt, wants: `a match of ${JSON.stringify(regex)}` };
}
