import type { RouteAction } from '../../envoy/generated/envoy/config/route/v3/RouteAction.ts';
import type { RouteMatch } from '../../envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import type { RouteSemantics } from '../../mesh/routing/resolved-virtual-service.ts';
import type { HttpRewrite } from '../../schema/virtual-service/http-actions.ts';

/** Rewriting of the path; the host is the caller's, who knows what headers say about it. */
export function buildPathRewrite(
  rewrite: HttpRewrite,
  match: RouteMatch,
  semantics: RouteSemantics,
): Pick<RouteAction, 'regex_rewrite' | 'prefix_rewrite'> {
  if (rewrite.uriRegexRewrite !== undefined) {
    const { match: regex = '', rewrite: substitution = '' } = rewrite.uriRegexRewrite;
    return { regex_rewrite: { pattern: { regex }, substitution } };
  }
  if (rewrite.uri === undefined || rewrite.uri === '') return {};
  if (semantics !== 'gateway' || rewrite.uri !== '/') return { prefix_rewrite: rewrite.uri };
  // To take a prefix away needs a regex: `/` must stay where nothing else is left, and must not be doubled where it is.
  const prefix = quoteRegex(match.path_separated_prefix ?? '');
  return { regex_rewrite: { pattern: { regex: `^${prefix}(/?)(.*)` }, substitution: '/\\2' } };
}

/** The text as an RE2 expression that matches it alone. */
function quoteRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
