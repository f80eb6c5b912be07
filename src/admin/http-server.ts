import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an endpoint answers. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** One path of the administration interface. */
export interface HttpEndpoint {
  readonly path: string;
  /** One line for the list at `/debug`. */
  readonly help: string;
  answer(query: URLSearchParams): HttpAnswer | Promise<HttpAnswer>;
}

export interface HttpServerOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  readonly endpoints: readonly HttpEndpoint[];
}

/** Serves the endpoints until the signal; returns the address that it listens on. */
export async function serveHttp({ address, endpoints }: HttpServerOptions, signal: AbortSignal): Promise<string> {
  const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));
  const server = createServer((request, response) => void respond(byPath, request, response));
  const { host, port } = splitAddress(address);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  signal.addEventListener('abort', () => {
    server.close();
    server.closeAllConnections();
  });
  const bound = server.address() as AddressInfo;
  return `${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
}

async function respond(byPath: ReadonlyMap<string, HttpEndpoint>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const endpoint = byPath.get(url.pathname);
  try {
    const answer = endpoint === undefined ? notFound(url.pathname) : await endpoint.answer(url.searchParams);
    response.writeHead(answer.status, { 'content-type': answer.contentType }).end(answer.body);
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain' }).end(`${String(error)}\n`);
  }
}

function notFound(path: string): HttpAnswer {
  return { status: 404, contentType: 'text/plain', body: `nothing at ${path}; see /debug\n` };
}

/** `127.0.0.1:8080`, `[::1]:8080`. */
export function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(address.slice(colon + 1)) };
}
