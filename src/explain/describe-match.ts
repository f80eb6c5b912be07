import type { HeaderMatcher } from '../envoy/generated/envoy/config/route/v3/HeaderMatcher.ts';
import type { RouteMatch } from '../envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import type { StringMatcher } from '../envoy/generated/envoy/type/matcher/v3/StringMatcher.ts';

/** Everything that a route asks for: `path prefix /reviews, header end-user is "jason"`; empty where it takes every request. */
export function describeMatch(match: RouteMatch): string {
  const parts = [
    pathText(match),
    ...(match.grpc ? ['gRPC'] : []),
    ...(match.headers ?? []).map(headerText),
    ...(match.query_parameters ?? []).map(
      ({ name, present_match, string_match }) => `query ${name} ${present_match ? 'is there' : stringText(string_match)}`,
    ),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function pathText({ prefix, path, path_separated_prefix, safe_regex, case_sensitive }: RouteMatch): string {
  const cases = case_sensitive?.value === false ? ' in any case' : '';
  if (path !== undefined) return `path is ${path}${cases}`;
  if (path_separated_prefix !== undefined) return `path is under ${path_separated_prefix}${cases}`;
  if (safe_regex) return `path fits /${safe_regex.regex ?? ''}/`;
  return prefix === undefined || prefix === '/' ? '' : `path begins with ${prefix}${cases}`;
}

const pseudoHeaders: Readonly<Record<string, string>> = { ':method': 'method', ':authority': 'authority', ':scheme': 'scheme' };

function headerText({ name = '', present_match, string_match, invert_match }: HeaderMatcher): string {
  const subject = Object.hasOwn(pseudoHeaders, name) ? pseudoHeaders[name] : `header ${name}`;
  const condition = present_match === true ? 'is there' : stringText(string_match);
  return invert_match === true ? `not: ${subject} ${condition}` : `${subject} ${condition}`;
}

function stringText(matcher: StringMatcher | null | undefined): string {
  if (!matcher) return 'is there';
  const { exact, prefix, suffix, contains, safe_regex, ignore_case } = matcher;
  const cases = ignore_case === true ? ' in any case' : '';
  if (exact !== undefined) return `is "${exact}"${cases}`;
  if (prefix !== undefined) return `begins with "${prefix}"${cases}`;
  if (suffix !== undefined) return `ends with "${suffix}"${cases}`;
  if (contains !== undefined) return `contains "${contains}"${cases}`;
  return `fits /${safe_regex?.regex ?? ''}/`;
}
