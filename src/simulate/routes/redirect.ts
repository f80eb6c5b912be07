import type { RedirectAction } from '../../envoy/generated/envoy/config/route/v3/RedirectAction.ts';
import type { HttpRequest } from '../http/http-request.ts';
import { type Doubt, isDoubt } from '../three-valued.ts';
import type { CompiledRoute } from './compile-route.ts';
import { rewriteByExpression, rewritePrefix } from './rewrite.ts';

const statuses: Readonly<Record<string, number>> = {
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
};

export function redirectStatus({ response_code }: RedirectAction): number {
  return statuses[String(response_code ?? 'MOVED_PERMANENTLY')] ?? 301;
}

/** Where a redirect points (Envoy `Utility::newUri`). */
export function redirectLocation({ route, path }: CompiledRoute, http: HttpRequest): string | Doubt {
  const redirect = route.redirect ?? {};
  const scheme = redirect.scheme_redirect || (redirect.https_redirect === true ? 'https' : http.scheme);
  const port = redirect.port_redirect ? `:${redirect.port_redirect}` : '';
  const host = redirect.host_redirect || redirectedHost(http, scheme, port !== '');
  const next = redirectedPath(redirect, http, path.matched(http.path));
  return isDoubt(next) ? next : `${scheme}://${host}${port}${next}`;
}

/** A port of the request goes where the redirect has one, or where it was the usual one of another scheme. */
function redirectedHost({ host, forwardedProto: came }: HttpRequest, scheme: string, hasPort: boolean): string {
  const end = host.startsWith('[') ? host.lastIndexOf(']:') + 1 || -1 : host.lastIndexOf(':');
  if (end < 0) return host;
  const port = host.slice(end);
  const isUsual = (came === 'https' && port === ':443') || (came === 'http' && port === ':80');
  return hasPort || (scheme !== came && isUsual) ? host.slice(0, end) : host;
}

function redirectedPath(redirect: RedirectAction, { path }: HttpRequest, matched: string): string | Doubt {
  const own = redirect.path_redirect ?? '';
  const ownHasQuery = own.includes('?');
  const next = own === '' ? rewritten(redirect, path, matched) : ownHasQuery ? own : own + queryOf(path);
  if (isDoubt(next)) return next;
  return redirect.strip_query === true && !ownHasQuery ? next.slice(0, next.length - queryOf(next).length) : next;
}

function rewritten({ prefix_rewrite, regex_rewrite }: RedirectAction, path: string, matched: string): string | Doubt {
  if (regex_rewrite) return rewriteByExpression(path, regex_rewrite);
  return prefix_rewrite ? rewritePrefix(path, matched, prefix_rewrite) : path;
}

function queryOf(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? '' : path.slice(query);
}
