import type { CallProblem, CallProtocol } from '../call.ts';

/** The parts of a URL that a request is made from. */
export interface CurlUrl {
  readonly protocol: CallProtocol;
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** Path and query, without the fragment. */
  readonly path: string;
  /** `user:password`. */
  readonly user?: string;
}

const schemes: Readonly<Record<string, Pick<CurlUrl, 'protocol' | 'tls'> & { readonly port?: number }>> = {
  http: { protocol: 'http', tls: false, port: 80 },
  https: { protocol: 'http', tls: true, port: 443 },
  grpc: { protocol: 'grpc', tls: false },
  tcp: { protocol: 'tcp', tls: false },
  telnet: { protocol: 'tcp', tls: false, port: 23 },
};

/** Reads a URL as curl does: http where no scheme is written. `keepsDots`: `/a/../b` stays as it is (`--path-as-is`). */
export function parseCurlUrl(text: string, keepsDots = false): CurlUrl | CallProblem {
  const [, scheme = 'http', rest = ''] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):\/\/)?(.*)$/s.exec(text) ?? [];
  const known = Object.hasOwn(schemes, scheme.toLowerCase()) ? schemes[scheme.toLowerCase()] : undefined;
  if (known === undefined) return { problem: `${scheme}:// is nothing that a mesh routes`, hint: `write ${list(Object.keys(schemes))}` };
  const [, user, bracketed, plain = '', portText, tail = ''] =
    /^(?:([^@/?#]*)@)?(?:\[([^\]]*)\]|([^:/?#]*))(?::(\d*))?([/?#].*)?$/s.exec(rest) ?? [];
  const host = (bracketed ?? plain).toLowerCase();
  if (host === '') return { problem: `"${text}" names no host`, hint: 'write http://HOST:PORT/PATH' };
  const port = portText === undefined || portText === '' ? known.port : Number(portText);
  if (port === undefined) return { problem: `"${text}" needs a port`, hint: `write ${scheme}://${host}:PORT` };
  if (port < 1 || port > 65535) return { problem: `${port} is no port` };
  return {
    protocol: known.protocol,
    tls: known.tls,
    host,
    port,
    path: pathOf(tail, keepsDots),
    ...(user !== undefined && { user: decoded(user) }),
  };
}

/** Without its escapes, where they are some. */
function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

function pathOf(tail: string, keepsDots: boolean): string {
  const [beforeFragment = ''] = tail.split('#', 1);
  const at = beforeFragment.indexOf('?');
  const path = at < 0 ? beforeFragment : beforeFragment.slice(0, at);
  const query = at < 0 ? '' : beforeFragment.slice(at);
  return `${keepsDots ? path || '/' : withoutDots(path || '/')}${query}`;
}

/** RFC 3986, 5.2.4: what curl does to a path before it sends it. */
function withoutDots(path: string): string {
  const parts: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..') parts.pop();
    if (segment === '.' || segment === '..') {
      if (isLast) parts.push('');
    } else parts.push(segment);
  }
  return `/${parts.join('/')}`;
}

function list(words: readonly string[]): string {
  return words.map((word) => `${word}://`).join(', ');
}
