/** Why Envoy's HTTP/2 codec resets the stream of a request before anything else is looked at; undefined: it takes it. */
export function h2Fault(method: string, host: string, path: string): string | undefined {
  if (!/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(method)) return `the method ${JSON.stringify(method)} is none`;
  if (!/^[A-Za-z0-9\-._~%!$&'()[\]*+,;=:]+$/.test(host)) return `:authority ${JSON.stringify(host)} is none that HTTP/2 may have`;
  if (method === 'CONNECT' || (path === '*' && method === 'OPTIONS')) return undefined;
  if (!path.startsWith('/')) return 'the path does not begin with a slash';
  return /[\0-\x20\x7f]/.test(path) ? 'the path has characters that no path may have' : undefined;
}
