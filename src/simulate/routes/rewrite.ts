import type { RegexMatchAndSubstitute } from '../../envoy/generated/envoy/type/matcher/v3/RegexMatchAndSubstitute.ts';
import { pathOnly } from '../http/http-request.ts';
import { cannotBeEvaluated, compileRe2 } from '../matching/re2.ts';
import type { Doubt } from '../three-valued.ts';

/** A path with the part that a route matched replaced by another. */
export function rewritePrefix(path: string, matched: string, replacement: string): string {
  return replacement + path.slice(matched.length);
}

/** A path in which an expression is replaced wherever it matches; the query stays. */
export function rewriteByExpression(path: string, { pattern, substitution = '' }: RegexMatchAndSubstitute): string | Doubt {
  const plain = pathOnly(path);
  const regex = pattern?.regex ?? '';
  const replaced = compileRe2(regex)?.replaceAll(plain, substitution);
  return replaced === undefined ? cannotBeEvaluated(regex) : replaced + path.slice(plain.length);
}
