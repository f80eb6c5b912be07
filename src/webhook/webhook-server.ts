import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../lib/log.ts';
import { onAbort } from '../lib/on-abort.ts';
import { BodyBudget, readBody } from './read-body.ts';

/** What one path of the webhook answers. */
export interface WebhookAnswer {
  readonly status: number;
  readonly body: string;
}

export interface WebhookHandler {
  /** `/validate`: the path itself and everything below it. */
  readonly path: string;
  answer(body: Buffer): WebhookAnswer | Promise<WebhookAnswer>;
}

export interface WebhookServerOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly address: { readonly host: string; readonly port: number };
  readonly handlers: readonly WebhookHandler[];
  readonly tls: { readonly certificate: string; readonly key: string };
  readonly log: Logger;
  /** Told the status of every answer that is not 200. */
  readonly onHttpError: (status: number) => void;
}

export interface WebhookServer {
  /** `host:port` that it listens on. */
  readonly address: string;
  /** From the next connection on. */
  renew(tls: WebhookServerOptions['tls']): void;
}

/** The API server keeps few connections; whoever else comes must not exhaust ours. */
const maxConnections = 500;
const headersTimeoutMs = 5_000;
/** Longer than an API server waits (10 s by default, 30 s at most). */
const requestTimeoutMs = 30_000;

/** Serves admission webhooks over TLS until the signal. */
export async function serveWebhook(options: WebhookServerOptions, signal: AbortSignal): Promise<WebhookServer> {
  const { address, tls } = options;
  const budget = new BodyBudget();
  const timeouts = { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs };
  const server = createServer({ ...contextOf(tls), minVersion: 'TLSv1.2', ...timeouts }, (request, response) => {
    void respond(options, budget, request, response);
  });
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, resolve);
  });
  onAbort(signal, () => {
    server.close();
    server.closeIdleConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `${address.host.includes(':') ? `[${address.host}]` : address.host}:${port}`,
    renew: (next) => server.setSecureContext(contextOf(next)),
  };
}

async function respond(
  options: WebhookServerOptions,
  budget: BodyBudget,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { log, onHttpError } = options;
  try {
    const { status, body } = await answerTo(options, budget, request);
    if (status !== 200) onHttpError(status);
    response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'text/plain' }).end(body);
  } catch (error) {
    onHttpError(500);
    log.error({ error: String(error), url: request.url }, 'a webhook request failed');
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'content-type': 'text/plain' }).end('internal error; the log says more\n');
  }
}

async function answerTo({ handlers }: WebhookServerOptions, budget: BodyBudget, request: IncomingMessage): Promise<WebhookAnswer> {
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const handler = handlers.find((each) => path === each.path || path.startsWith(`${each.path}/`));
  if (!handler) return { status: 404, body: `nothing at ${path.slice(0, 100)}\n` };
  if (request.method !== 'POST') return { status: 405, body: 'only POST is answered here\n' };
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    return { status: 415, body: 'only application/json is read\n' };
  const read = await readBody(request, budget);
  if ('refused' in read) return { status: read.refused, body: `${read.why}\n` };
  try {
    return await handler.answer(read.body);
  } finally {
    read.release();
  }
}

function contextOf({ certificate, key }: WebhookServerOptions['tls']): { readonly cert: string; readonly key: string } {
  return { cert: certificate, key };
}
