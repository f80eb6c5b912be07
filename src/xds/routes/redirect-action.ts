import type { RedirectAction } from '../../envoy/generated/envoy/config/route/v3/RedirectAction.ts';
import type { HttpRedirect } from '../../schema/virtual-service/http-actions.ts';

const responseCodes: ReadonlyMap<number, NonNullable<RedirectAction['response_code']>> = new Map([
  [0, 'MOVED_PERMANENTLY'],
  [301, 'MOVED_PERMANENTLY'],
  [302, 'FOUND'],
  [303, 'SEE_OTHER'],
  [307, 'TEMPORARY_REDIRECT'],
  [308, 'PERMANENT_REDIRECT'],
]);

/** Undefined for a status that Envoy cannot redirect with: such a route has no action. */
export function buildRedirect(redirect: HttpRedirect, listenerPort: number, isTls: boolean): RedirectAction | undefined {
  const responseCode = responseCodes.get(redirect.redirectCode ?? 0);
  if (responseCode === undefined) return undefined;
  const port = redirectPort(redirect, listenerPort, isTls);
  return {
    ...(redirect.authority && { host_redirect: redirect.authority }),
    ...(redirect.prefixRewrite ? { prefix_rewrite: redirect.prefixRewrite } : { path_redirect: redirect.uri ?? '' }),
    ...(redirect.scheme && { scheme_redirect: redirect.scheme }),
    ...(port !== 0 && { port_redirect: port }),
    response_code: responseCode,
  };
}

/** 0 leaves the port to Envoy. The usual port of the scheme is not said, so that no `:80` shows up in the location. */
function redirectPort(redirect: HttpRedirect, listenerPort: number, isTls: boolean): number {
  const port = redirect.port ?? (redirect.derivePort === 'FROM_REQUEST_PORT' ? listenerPort : 0);
  const scheme = redirect.scheme || (isTls ? 'https' : 'http');
  return (port === 80 && scheme === 'http') || (port === 443 && scheme === 'https') ? 0 : port;
}
