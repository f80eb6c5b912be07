import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../lib/log.ts';
import { onAbort } from '../lib/on-abort.ts';
import { type HttpAnswer, type HttpEndpoint, textAnswer } from './http-endpoint.ts';

export interface HttpServerOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  readonly endpoints: readonly HttpEndpoint[];
  readonly log: Logger;
}

/** After this long the event loop gets a turn: a large page must not hold up the proxies. */
const sliceMs = 8;
/** Pieces are written together up to this length. */
const flushLength = 64 * 1024;

/** Serves the endpoints until the signal; returns the address that it listens on. */
export async function serveHttp({ address, endpoints, log }: HttpServerOptions, signal: AbortSignal): Promise<string> {
  const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));
  const server = createServer((request, response) => void respond(byPath, log, request, response));
  const { host, port } = splitAddress(address);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  onAbort(signal, () => {
    server.close();
    server.closeAllConnections();
  });
  return `${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
}

async function respond(
  byPath: ReadonlyMap<string, HttpEndpoint>,
  log: Logger,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { status, contentType, body } = await answerTo(byPath, request);
    response.writeHead(status, { 'content-type': contentType });
    if (request.method === 'HEAD') response.end();
    else if (typeof body === 'string') response.end(body);
    else await writePieces(response, body);
  } catch (error) {
    log.error({ error, url: request.url }, 'an endpoint failed');
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'content-type': 'text/plain' }).end('internal error; the log says more\n');
  }
}

function answerTo(byPath: ReadonlyMap<string, HttpEndpoint>, request: IncomingMessage): HttpAnswer | Promise<HttpAnswer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return textAnswer(405, 'only GET is served here\n');
  const [target = '/', search = ''] = (request.url ?? '/').split('?', 2);
  const endpoint = byPath.get(target) ?? byPath.get(target.replace(/\/$/, ''));
  return endpoint === undefined ? textAnswer(404, `nothing at ${target}; see /debug\n`) : endpoint.answer(new URLSearchParams(search));
}

/** As fast as the client reads, and never for longer than a slice at a stretch; a client that leaves ends it. */
async function writePieces(response: ServerResponse, pieces: Iterable<string>): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  let pending = '';
  let endMs = performance.now() + sliceMs;
  for (const piece of pieces) {
    pending += piece;
    if (pending.length >= flushLength) {
      if (!response.write(pending) && !gone.signal.aborted) await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
      pending = '';
    }
    if (performance.now() >= endMs) {
      await new Promise((resolve) => setImmediate(resolve));
      endMs = performance.now() + sliceMs;
    }
    if (gone.signal.aborted) return;
  }
  response.end(pending);
}

/** `127.0.0.1:8080`, `[::1]:8080`. */
export function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(address.slice(colon + 1)) };
}
