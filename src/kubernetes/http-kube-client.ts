import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { agentsPerTls } from './agents-per-tls.ts';
import type { KubeAccess, KubeCredentials } from './kube-access.ts';
import { answerError, readText } from './kube-answer.ts';
import type { KubeClient, KubeRequest } from './kube-client.ts';

const defaultTimeoutMs = 30_000;
/** Connections that nobody uses are kept for the next request, this many. */
const idleConnections = 4;
/** The kernel asks a silent peer after so long whether it is still there. */
const probeMs = 30_000;

/** Requests over HTTP/1.1 with connections that are used again: a watch has one of its own, so that nothing waits behind it. */
export class HttpKubeClient implements KubeClient {
  readonly server: string;
  private readonly access: KubeAccess;
  private readonly plain = new HttpAgent({ keepAlive: true, maxFreeSockets: idleConnections, keepAliveMsecs: probeMs });
  private readonly secure = agentsPerTls(
    (tls) => new HttpsAgent({ ...tls, keepAlive: true, maxFreeSockets: idleConnections, keepAliveMsecs: probeMs }),
  );

  constructor(access: KubeAccess) {
    this.access = access;
    this.server = access.server;
  }

  async request(request: KubeRequest): Promise<unknown> {
    // Node takes whole milliseconds; what is left of a term is a fraction.
    const timeout = AbortSignal.timeout(Math.max(0, Math.ceil(request.timeoutMs ?? defaultTimeoutMs)));
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    try {
      const text = await readText(await this.answerTo(request, signal));
      return text === '' ? undefined : JSON.parse(text);
    } catch (error) {
      throw this.explained(request, timeout, error);
    }
  }

  async stream(request: KubeRequest): Promise<AsyncIterable<Uint8Array>> {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), request.timeoutMs ?? defaultTimeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout.signal]) : timeout.signal;
    try {
      return chunks(await this.answerTo(request, signal), request.signal);
    } catch (error) {
      throw this.explained(request, timeout.signal, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The beginning of a good answer. Credentials that are refused are renewed once, and a connection that had died is replaced. */
  private async answerTo(request: KubeRequest, signal: AbortSignal): Promise<IncomingMessage> {
    for (let attempt = 1; ; attempt++) {
      const credentials = await this.access.credentials();
      try {
        const answer = await this.send(request, credentials, signal);
        const { statusCode = 0 } = answer;
        if (statusCode >= 200 && statusCode < 300) return answer;
        const error = await answerError(request, answer);
        if (statusCode !== 401) throw error;
        this.access.refused();
        if (attempt > 1) throw error;
      } catch (error) {
        if (attempt > 1 || !isStaleConnection(error, request)) throw error;
      }
    }
  }

  private send(request: KubeRequest, credentials: KubeCredentials, signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(this.server + request.path);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const headers = {
      accept: request.accept ?? 'application/json',
      'user-agent': 'coxswain',
      ...credentials.headers,
      ...(body ? { 'content-type': request.contentType ?? 'application/json', 'content-length': body.length } : {}),
    };
    const isPlain = url.protocol === 'http:';
    const agent = credentials.proxy ?? (isPlain ? this.plain : this.secure(credentials.tls));
    return new Promise((resolve, reject) => {
      const sent = (isPlain ? httpRequest : httpsRequest)(url, { method: request.method, headers, agent, signal }, resolve);
      sent.on('error', (error) => reject(Object.assign(error, { isReused: sent.reusedSocket })));
      sent.end(body);
    });
  }

  private explained(request: KubeRequest, timeout: AbortSignal, error: unknown): unknown {
    if (request.signal?.aborted || !(error instanceof Error) || error.name === 'KubeApiError') return error;
    const why = timeout.aborted ? `no answer within ${(request.timeoutMs ?? defaultTimeoutMs) / 1000} s` : error.message;
    return new Error(`${request.method} ${request.path} at ${this.server}: ${why}`, { cause: error });
  }
}

/** A kept connection may have been closed by the server at the very moment; a request that changes nothing is sent again. */
function isStaleConnection(error: unknown, request: KubeRequest): boolean {
  const { code, isReused } = error as { readonly code?: unknown; readonly isReused?: unknown };
  return request.method === 'GET' && isReused === true && (code === 'ECONNRESET' || code === 'EPIPE');
}

async function* chunks(answer: IncomingMessage, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of answer as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
