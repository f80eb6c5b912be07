import type { HttpConnectionManager } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import type { Answered, Closed } from '../outcome.ts';
import type { SimulatedRequest } from '../request.ts';
import type { Place } from '../step.ts';
import { wrappedBool } from '../wrapped.ts';
import { h2Fault } from './h2-target.ts';
import { headerMap } from './header-map.ts';
import type { HttpRequest } from './http-request.ts';
import { isGrpc } from './http-request.ts';
import { localReply } from './local-reply.ts';
import { isHostValid, normalizeHost } from './normalize-host.ts';
import { normalizePath } from './normalize-path.ts';
import { withOwnHeaders } from './own-headers.ts';
import { type RequestTarget, requestTarget } from './request-target.ts';

export type Received =
  | { readonly request: HttpRequest; readonly notes: readonly string[] }
  | { readonly answer: Answered | Closed; readonly because: string };

/** Headers that concern one connection only are gone before routes look. */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'];

/** What the connection manager makes of a request before it looks for a route: checks, clean-up, normal forms. */
export function receiveRequest(manager: HttpConnectionManager, input: SimulatedRequest, isTls: boolean, at: Place): Received {
  const headers = headerMap(input.headers ?? [], input.protocol === 'grpc');
  const method = input.method ?? (input.protocol === 'grpc' ? 'POST' : 'GET');
  const fault = isH2(input) ? h2Fault(method, input.host ?? '', input.path ?? '/') : undefined;
  if (fault !== undefined) return { answer: { kind: 'closed', because: 'not valid HTTP/2', at }, because: fault };
  const target = targetOf(input, method, isTls);
  if ('status' in target) {
    const { status, body, because } = target;
    return { answer: { kind: 'answered', by: 'bad request', status, body, at }, because };
  }
  const forwardedProto = forwardedProtoOf(manager, headers, isTls);
  const parsed: HttpRequest = {
    method,
    host: target.host,
    path: target.path,
    scheme: target.scheme ?? (isScheme(forwardedProto) ? forwardedProto : schemeOf(isTls)),
    forwardedProto,
    headers: withOwnHeaders(manager, withoutHopByHop(headers), input.source?.address),
    isTls,
    hasClientCertificate: input.tls?.certificate !== undefined,
  };
  return normalized(manager, parsed, upgradeOf(headers), { at, port: input.destination.port });
}

interface Arrival {
  readonly at: Place;
  readonly port: number;
}

function normalized(manager: HttpConnectionManager, parsed: HttpRequest, upgrade: string | undefined, { at, port }: Arrival): Received {
  const { host, path, method } = parsed;
  const refuse = (status: number, because: string, by: Answered['by'] = 'bad request', location?: string): Received => ({
    answer: localReply(isGrpc(parsed), { by, status, at, ...(location !== undefined && { location }) }),
    because,
  });
  if (method !== 'CONNECT' && !path.startsWith('/')) return refuse(404, 'the path does not begin with a slash');
  const normal = normalizePath(manager, path);
  if (normal.kind === 'refused') return refuse(400, normal.because);
  if (normal.kind === 'redirected') {
    if (isGrpc(parsed)) return refuse(400, 'gRPC does not follow redirects');
    return refuse(307, 'slashes of the path were escaped', 'redirect', normal.path);
  }
  if (upgrade !== undefined && !allowsUpgrade(manager, upgrade)) return refuse(403, `the upgrade to ${upgrade} is not allowed`);
  const settled = { ...parsed, path: normal.path, host: normalizeHost(manager, host, port) };
  const notes = [
    ...(settled.path === path ? [] : [`the path becomes ${settled.path}`]),
    ...(settled.host === host ? [] : [`the host becomes ${settled.host}`]),
  ];
  return { request: settled, notes };
}

function isH2({ protocol }: SimulatedRequest): boolean {
  return protocol === 'http2' || protocol === 'grpc';
}

function schemeOf(isTls: boolean): string {
  return isTls ? 'https' : 'http';
}

/** What is asked for, where the codec finds nothing wrong with it. */
function targetOf({ host = '', path = '/', protocol }: SimulatedRequest, method: string, isTls: boolean): RequestTarget {
  const target = protocol === 'http' ? requestTarget(path, method, host, isTls) : { host, path, scheme: schemeOf(isTls) };
  if ('status' in target || isHostValid(target.host)) return target;
  return { status: 400, body: 'Bad Request', because: `the host ${JSON.stringify(target.host)} has characters that no host may have` };
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
    ({ upgrade_type, enabled }) => upgrade_type?.toLowerCase() === upgrade.toLowerCase() && wrappedBool(enabled, true),
  );
}

/** A proxy at the edge says itself what the client used; others believe who was before them. */
function forwardedProtoOf(manager: HttpConnectionManager, headers: ReadonlyMap<string, readonly string[]>, isTls: boolean): string {
  const own = schemeOf(isTls);
  const isEdge = manager.use_remote_address?.value === true && (manager.xff_num_trusted_hops ?? 0) === 0;
  return isEdge ? own : (headers.get('x-forwarded-proto')?.[0] ?? own);
}

function isScheme(text: string): boolean {
  return text === 'http' || text === 'https';
}
