import type { MetadataMatcher } from '../../envoy/generated/envoy/type/matcher/v3/MetadataMatcher.ts';
import type { StringMatcher } from '../../envoy/generated/envoy/type/matcher/v3/StringMatcher.ts';
import type { StringMatch } from '../../schema/parts/string-match.ts';
import { buildStringMatcher } from './string-matcher.ts';

const prefix = '@request.auth.claims';

/**
 * A header match on `@request.auth.claims.a.b` or `@request.auth.claims[a][b]` asks for a claim of the validated token,
 * a text or a list of texts. Undefined for any other header.
 */
export function buildJwtClaimMatcher(header: string, match: StringMatch): MetadataMatcher | undefined {
  const claims = claimPath(header);
  if (claims === undefined) return undefined;
  const value: StringMatcher = buildStringMatcher(match) ?? { safe_regex: { regex: '.*' } };
  return {
    filter: 'envoy.filters.http.jwt_authn',
    path: ['payload', ...claims].map((key) => ({ key })),
    value: { or_match: { value_matchers: [{ list_match: { one_of: { string_match: value } } }, { string_match: value }] } },
  };
}

function claimPath(header: string): readonly string[] | undefined {
  if (!header.toLowerCase().startsWith(prefix)) return undefined;
  const rest = header.slice(prefix.length);
  if (rest.startsWith('.') && rest.length > 1) return rest.slice(1).split('.');
  if (rest.startsWith('[') && rest.endsWith(']') && rest.length > 2) return rest.slice(1, -1).split('][');
  return undefined;
}
