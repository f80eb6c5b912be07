/** What the first line of a request of HTTP/1.1 names, or why the codec refuses it before anything else is looked at. */
export type RequestTarget =
  | { readonly host: string; readonly path: string; readonly scheme?: string }
  | { readonly status: number; readonly body: string; readonly because: string };

/**
 * Reads `/path`, `http://host/path` (whose host goes before the header; what a forward proxy is sent) and `*`, as Envoy's HTTP/1 codec does.
 * A fragment is dropped.
 */
export function requestTarget(target: string, method: string, hostHeader: string, isTls: boolean): RequestTarget {
  if (/[^\x21-\x7e]/.test(target)) return refused('the path has characters that are not ASCII');
  if (target.startsWith('/') || (target.startsWith('*') && method === 'OPTIONS'))
    return { host: hostHeader, path: withoutFragment(target) };
  const [, scheme, authority = '', rest = ''] = /^(https?):\/\/([^/?#]*)(.*)$/i.exec(target) ?? [];
  if (scheme === undefined) return refused('the path neither begins with a slash nor is a URL');
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (!isUrlHost(host) || rest.startsWith('#')) return refused('the URL has no host, or one that no URL may have');
  if (scheme.toLowerCase() === 'https' && !isTls)
    return { status: 403, body: 'Forbidden', because: 'a URL of https is not taken over plain text' };
  return { host, scheme: scheme.toLowerCase(), path: rest === '' ? '/' : withoutFragment(rest) };
}

function refused(because: string): RequestTarget {
  return { status: 400, body: 'Bad Request', because };
}

function isUrlHost(host: string): boolean {
  const [, port] = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(\d+))?$/.exec(host) ?? ['', 'none'];
  return port === undefined || Number(port) <= 65_535;
}

function withoutFragment(path: string): string {
  const hash = path.indexOf('#');
  return hash < 0 ? path : path.slice(0, hash);
}
