import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KubeCluster } from './kube-cluster.ts';

export interface PassedRequest {
  readonly method: string;
  readonly path: string;
  /** May be changed before the request is passed on. */
  readonly query: URLSearchParams;
  readonly isWatch: boolean;
  /** Milliseconds, of `performance.now`. */
  readonly at: number;
}

interface OpenWatch {
  readonly path: string;
  readonly response: ServerResponse;
}

/** What never goes from one connection to the next. */
const ofOneConnection = ['connection', 'keep-alive', 'transfer-encoding', 'host'];

/**
 * Stands before a real API server and passes everything on, with the credentials that came, but for what `intercept` answers itself
 * and what `say` puts between the events of running watches.
 */
export class ApiInterceptor {
  readonly requests: PassedRequest[] = [];
  /** True: the request was answered, or left hanging, by the test. */
  intercept: ((request: PassedRequest, response: ServerResponse) => boolean) | undefined;
  private readonly server: Server;
  private readonly upstream: URL;
  private readonly agent: Agent;
  private readonly watches = new Set<OpenWatch>();

  private constructor(server: Server, upstream: URL, agent: Agent) {
    this.server = server;
    this.upstream = upstream;
    this.agent = agent;
  }

  /** On a free port of loopback, with a certificate of the cluster's authority. */
  static async start(cluster: KubeCluster): Promise<ApiInterceptor> {
    const issued = await cluster.authority.issue({ name: 'interceptor', alternativeNames: ['localhost', '127.0.0.1'] });
    const [cert, key, ca] = await Promise.all(
      [issued.certificate, issued.key, cluster.authority.root.certificate].map((file) => readFile(file)),
    );
    const server = createServer({ cert: cert ?? '', key: key ?? '' }, (request, response) => started.answer(request, response));
    const started = new ApiInterceptor(server, new URL(cluster.url), new Agent({ ca: ca ?? '', keepAlive: true }));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return started;
  }

  /** `127.0.0.1:PORT` */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Requests of one collection so far. */
  asked(path: string, what: 'list' | 'watch'): readonly PassedRequest[] {
    return this.requests.filter((each) => each.path === path && each.isWatch === (what === 'watch'));
  }

  /** Says something in all watches of a collection, whatever it is. */
  say(path: string, text: string): void {
    for (const watch of this.watches) if (watch.path === path) watch.response.write(text);
  }

  /** Breaks all watches, or those of one collection. */
  hangUp(path?: string): void {
    for (const watch of this.watches) if (path === undefined || watch.path === path) watch.response.destroy();
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
    this.agent.destroy();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', this.upstream);
    const passed = { method: request.method ?? 'GET', path, query, isWatch: query.has('watch'), at: performance.now() };
    this.requests.push(passed);
    if (this.intercept?.(passed, response)) request.resume();
    else this.pass(passed, request, response);
  }

  private pass({ method, path, query, isWatch }: PassedRequest, request: IncomingMessage, response: ServerResponse): void {
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !ofOneConnection.includes(name)));
    const url = new URL(`${path}?${query.toString()}`, this.upstream);
    const onward = httpsRequest(url, { method, headers, agent: this.agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, withoutConnection(answer));
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    if (isWatch) this.remember({ path, response });
    request.pipe(onward);
  }

  private remember(watch: OpenWatch): void {
    this.watches.add(watch);
    watch.response.on('close', () => this.watches.delete(watch));
  }
}

function withoutConnection(answer: IncomingMessage): NodeJS.Dict<string | string[]> {
  return Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !ofOneConnection.includes(name)));
}
