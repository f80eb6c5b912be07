import type { RegexMatchAndSubstitute } from '../../envoy/generated/envoy/type/matcher/v3/RegexMatchAndSubstitute.ts';
import { pathOnly } from '../http/http-request.ts';
import { compileRe2 } from '../matching/re2.ts';

/** A path with the part that a route matched replaced by another. */
export function rewritePrefix(path: string, matched: string, replacement: string): string {
  return replacement + path.slice(matched.length);
}

/** A path in which an expression is replaced wherever it matches; the query stays. An expression that cannot be run changes nothing. */
export function rewriteByExpression(path: string, { pattern, substitution = '' }: RegexMatchAndSubstitute): string {
  const plain = pathOnly(path);
  const expression = compileRe2(pattern?.regex ?? '');
  return (expression?.replaceAll(plain, substitution) ?? plain) + path.slice(plain.length);
}
