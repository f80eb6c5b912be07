import type { StringMatcher } from '../../envoy/generated/envoy/type/matcher/v3/StringMatcher.ts';
import { compileRe2 } from './re2.ts';

/** A compiled condition on a text. */
export interface TextMatcher {
  holds(value: string): boolean;
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
  return { holds: () => false, wants: 'something that cannot be evaluated here' };
}

/** An expression over a whole text. One that cannot be run holds for none, and says so. */
export function matchExpression(regex: string): TextMatcher {
  const expression = compileRe2(regex);
  if (expression === undefined) return { holds: () => false, wants: `a match of ${JSON.stringify(regex)}, which cannot be evaluated here` };
  return { holds: (value) => expression.matchesAll(value), wants: `a match of ${JSON.stringify(regex)}` };
}
