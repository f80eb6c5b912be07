import type { HeaderMatcher } from '../../envoy/generated/envoy/config/route/v3/HeaderMatcher.ts';
import type { QueryParameterMatcher } from '../../envoy/generated/envoy/config/route/v3/QueryParameterMatcher.ts';
import type { RouteMatch } from '../../envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import type { MetadataMatcher } from '../../envoy/generated/envoy/type/matcher/v3/MetadataMatcher.ts';
import type { RouteSemantics } from '../../mesh/routing/resolved-virtual-service.ts';
import { compareText } from '../../model/config-object.ts';
import type { StringMatch } from '../../schema/parts/string-match.ts';
import type { HttpMatch } from '../../schema/virtual-service/http-match.ts';
import { buildJwtClaimMatcher } from './jwt-claim-matcher.ts';
import { asksForPresence, buildStringMatcher } from './string-matcher.ts';

/** Conditions that Envoy checks per request; without a match every path (Istio `TranslateRouteMatch`). */
export function buildRouteMatch(match: HttpMatch | undefined, semantics: RouteSemantics): RouteMatch {
  if (match === undefined) return { prefix: '/' };
  const claims: MetadataMatcher[] = [];
  const headers: HeaderMatcher[] = [];
  for (const [name, text] of sortedEntries(match.headers)) {
    const claim = buildJwtClaimMatcher(name, text);
    if (claim !== undefined) claims.push(claim);
    else headers.push(buildHeaderMatcher(name, text));
  }
  for (const [name, text] of sortedEntries(match.withoutHeaders)) {
    const claim = buildJwtClaimMatcher(name, text);
    if (claim !== undefined) claims.push({ ...claim, invert: true });
    else headers.push(buildAbsenceMatcher(name, text));
  }
  headers.sort((a, b) => compareText(a.name ?? '', b.name ?? ''));
  if (match.method !== undefined) headers.push(buildHeaderMatcher(':method', match.method));
  if (match.authority !== undefined) headers.push(buildHeaderMatcher(':authority', match.authority));
  if (match.scheme !== undefined) headers.push(buildHeaderMatcher(':scheme', match.scheme));
  const parameters = sortedEntries(match.queryParams).map(([name, text]) => buildParameterMatcher(name, text));
  return {
    ...buildPathSpecifier(match.uri, semantics),
    case_sensitive: { value: match.ignoreUriCase !== true },
    ...(headers.length > 0 && { headers }),
    ...(parameters.length > 0 && { query_parameters: parameters }),
    ...(claims.length > 0 && { dynamic_metadata: claims }),
  };
}

/** A prefix of an Ingress or HTTPRoute ends at a `/`; one of a VirtualService anywhere. */
function buildPathSpecifier(uri: StringMatch | undefined, semantics: RouteSemantics): RouteMatch {
  if (uri?.exact !== undefined) return { path: uri.exact };
  if (uri?.prefix !== undefined) {
    if (semantics === 'virtual-service' || uri.prefix === '/') return { prefix: uri.prefix };
    return { path_separated_prefix: uri.prefix.endsWith('/') ? uri.prefix.slice(0, -1) : uri.prefix };
  }
  return uri?.regex === undefined ? { prefix: '/' } : { safe_regex: { regex: uri.regex } };
}

function buildHeaderMatcher(name: string, match: StringMatch): HeaderMatcher {
  const matcher = asksForPresence(match) ? undefined : buildStringMatcher(match);
  return matcher === undefined ? { name, present_match: true } : { name, string_match: matcher };
}

/** A missing header must count as empty, or the inverted match would fail for it; Envoy refuses both with present_match. */
function buildAbsenceMatcher(name: string, match: StringMatch): HeaderMatcher {
  const matcher = buildHeaderMatcher(name, match);
  return { ...matcher, invert_match: true, ...(matcher.present_match !== true && { treat_missing_header_as_empty: true }) };
}

function buildParameterMatcher(name: string, match: StringMatch): QueryParameterMatcher {
  const matcher = asksForPresence(match) ? undefined : buildStringMatcher(match);
  return matcher === undefined ? { name, present_match: true } : { name, string_match: matcher };
}

function sortedEntries<T>(map: Readonly<Record<string, T>> | undefined): readonly [string, T][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => compareText(a, b));
}

/**
 * Whether a route takes every request that reaches it: any path, no further condition (Istio `IsCatchAllRoute`). Routes
 * behind it would never be used.
 */
export function isCatchAllMatch(match: RouteMatch): boolean {
  const anyPath = match.prefix === '/' || match.path_separated_prefix === '/' || match.safe_regex?.regex === '.*';
  return anyPath && !match.headers?.length && !match.query_parameters?.length && !match.dynamic_metadata?.length;
}
