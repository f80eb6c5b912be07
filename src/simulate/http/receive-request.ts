import type { HttpConnectionManager } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import type { Answered } from '../outcome.ts';
import type { SimulatedRequest } from '../request.ts';
import type { Place } from '../step.ts';
import type { HttpRequest } from './http-request.ts';
import { isGrpc } from './http-request.ts';
import { localReply } from './local-reply.ts';
import { isHostValid, normalizeHost } from './normalize-host.ts';
import { normalizePath } from './normalize-path.ts';

export type Received =
  | { readonly request: HttpRequest; readonly notes: readonly string[] }
  | { readonly answer: Answered; readonly because: string };

/** Headers that concern one connection only are gone before routes look. */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'];

/** What the connection manager makes of a request before it looks for a route: checks, clean-up, normal forms. */
export function receiveRequest(manager: HttpConnectionManager, input: SimulatedRequest, isTls: boolean, at: Place): Received {
  const headers = headerMap(input);
  const { host, path } = targetOf(input);
  const parsed: HttpRequest = {
    method: input.method ?? (input.protocol === 'grpc' ? 'POST' : 'GET'),
    host,
    path,
    scheme: schemeOf(manager, headers, isTls),
    headers: withoutHopByHop(headers),
    isTls,
    hasClientCertificate: input.tls?.certificate !== undefined,
  };
  const refuse = (status: number, because: string, by: Answered['by'] = 'bad request', location?: string): Received => ({
    answer: localReply(isGrpc(parsed), { by, status, at, ...(location !== undefined && { location }) }),
    because,
  });
  if (!isHostValid(host)) return refuse(400, `the host ${JSON.stringify(host)} has characters that no host may have`);
  const upgrade = upgradeOf(headers);
  if (upgrade !== undefined && !allowsUpgrade(manager, upgrade)) return refuse(403, `the upgrade to ${upgrade} is not allowed`);
  if (parsed.method !== 'CONNECT' && !path.startsWith('/')) return refuse(404, 'the path does not begin with a slash');
  const normal = normalizePath(manager, path);
  if (normal.kind === 'refused') return refuse(400, normal.because);
  if (normal.kind === 'redirected') {
    if (isGrpc(parsed)) return refuse(400, 'gRPC does not follow redirects');
    return refuse(307, 'slashes of the path were escaped', 'redirect', normal.path);
  }
  const settled = { ...parsed, path: normal.path, host: normalizeHost(manager, host, input.destination.port) };
  const notes = [
    ...(settled.path === path ? [] : [`the path becomes ${settled.path}`]),
    ...(settled.host === host ? [] : [`the host becomes ${settled.host}`]),
  ];
  return { request: settled, notes };
}

/** HTTP/1.1 to a proxy may name a whole URL; its host goes before the header. */
function targetOf({ host = '', path = '/', protocol }: SimulatedRequest): { readonly host: string; readonly path: string } {
  const absolute = protocol === 'http' ? /^https?:\/\/([^/?#]*)(.*)$/i.exec(path) : null;
  if (absolute === null) return { host, path };
  const [, authority = '', rest = ''] = absolute;
  return { host: authority, path: rest.startsWith('/') ? rest : `/${rest}` };
}

function headerMap({ headers = [], protocol }: SimulatedRequest): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    map.set(key, [...(map.get(key) ?? []), value.trim()]);
  }
  if (protocol === 'grpc' && !map.has('content-type')) map.set('content-type', ['application/grpc']);
  return map;
}

function withoutHopByHop(headers: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const isUpgrade = upgradeOf(headers) !== undefined;
  const gone = hopByHop.filter((name) => headers.has(name) && !(isUpgrade && (name === 'connection' || name === 'upgrade')));
  if (gone.length === 0) return headers;
  const kept = new Map(headers);
  for (const name of gone) kept.delete(name);
  return kept;
}

function upgradeOf(headers: ReadonlyMap<string, readonly string[]>): string | undefined {
  const tokens = (headers.get('connection') ?? []).join(',').split(',');
  const isUpgrade = tokens.some((token) => token.trim().toLowerCase() === 'upgrade');
  return isUpgrade ? headers.get('upgrade')?.[0] : undefined;
}

function allowsUpgrade({ upgrade_configs }: HttpConnectionManager, upgrade: string): boolean {
  return (upgrade_configs ?? []).some(
    ({ upgrade_type, enabled }) => upgrade_type?.toLowerCase() === upgrade.toLowerCase() && enabled?.value !== false,
  );
}

/** A proxy at the edge says itself what the client used; others believe who was before them. */
function schemeOf(manager: HttpConnectionManager, headers: ReadonlyMap<string, readonly string[]>, isTls: boolean): string {
  const own = isTls ? 'https' : 'http';
  const isEdge = manager.use_remote_address?.value === true && (manager.xff_num_trusted_hops ?? 0) === 0;
  return isEdge ? own : (headers.get('x-forwarded-proto')?.at(-1) ?? own);
}
