import type { MeshSettings } from '../../mesh/settings.ts';

/** What `defaultConfig.proxyHeaders` says about routes. */
export interface RouteProxyHeaders {
  /** `x-envoy-attempt-count` on forwarded requests; on unless disabled. */
  readonly includeRequestAttemptCount: boolean;
  readonly appendXForwardedHost: boolean;
}

export function proxyHeadersOf(settings: MeshSettings): RouteProxyHeaders {
  const headers = settings.config.defaultConfig?.proxyHeaders;
  return {
    includeRequestAttemptCount: headers?.attemptCount?.disabled !== true,
    appendXForwardedHost: headers?.xForwardedHost?.enabled === true,
  };
}
