import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Kind } from '../../../src/schema/kind.ts';
import { crdName, customKinds } from './custom-kinds.ts';

export interface FakeObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion?: string };
}

export interface FakeRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly isWatch: boolean;
  /** Milliseconds, of `performance.now`. */
  readonly at: number;
}

interface Watcher {
  readonly path: string;
  readonly response: ServerResponse;
}

interface HistoryEvent {
  readonly collection: string;
  readonly version: number;
  readonly line: string;
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** The collection of a kind: `/apis/networking.istio.io/v1/gateways`. */
export function collectionOf({ group, plural, versions }: Kind, version = versions[0]): string {
  return group === '' ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
}

/**
 * An API server out of plain HTTP: lists in pages, watches from any version that it still knows. What a real one does only
 * under rare circumstances is scripted with `intercept`.
 */
export class FakeApiServer {
  readonly requests: FakeRequest[] = [];
  /** True: the request was answered, or left hanging, by the script. */
  intercept: ((request: FakeRequest, response: ServerResponse) => boolean) | undefined;
  private readonly server: Server;
  private readonly collections = new Map<string, Map<string, FakeObject>>();
  private readonly pages = new Map<string, { readonly version: number; readonly items: readonly FakeObject[] }>();
  private readonly watchers = new Set<Watcher>();
  private history: HistoryEvent[] = [];
  private version = 100;
  private oldest = 0;
  private beat: NodeJS.Timeout | undefined;

  private constructor(server: Server) {
    this.server = server;
  }

  /** Serves every kind, on loopback. */
  static async start(): Promise<FakeApiServer> {
    const server = createServer((request, response) => fake.answer(request, response));
    const fake = new FakeApiServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    for (const kind of customKinds) fake.put(definitions, { metadata: { name: crdName(kind) } });
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get kubeconfig(): string {
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'fake', cluster: { server: this.url } }],
      users: [{ name: 'test', user: { token: 'token-of-the-fake' } }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'test' } }],
      'current-context': 'fake',
    });
  }

  /** Requests of one collection so far. */
  asked(collection: string, what: 'list' | 'watch'): readonly FakeRequest[] {
    return this.requests.filter(({ path, isWatch }) => path === collection && isWatch === (what === 'watch'));
  }

  /** Open watches of a collection. */
  watching(collection: string): readonly ServerResponse[] {
    return [...this.watchers].filter(({ path }) => path === collection).map(({ response }) => response);
  }

  put(collection: string, object: FakeObject): FakeObject {
    const objects = this.objectsOf(collection);
    const key = keyOf(object);
    const type = objects.has(key) ? 'MODIFIED' : 'ADDED';
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } };
    objects.set(key, stored);
    this.tell(collection, type, stored);
    return stored;
  }

  remove(collection: string, object: FakeObject): void {
    const objects = this.objectsOf(collection);
    const known = objects.get(keyOf(object));
    if (!known) return;
    objects.delete(keyOf(object));
    this.tell(collection, 'DELETED', { ...known, metadata: { ...known.metadata, resourceVersion: String(++this.version) } });
  }

  /** Says something in all watches of a collection, whatever it is. */
  say(collection: string, text: string): void {
    for (const response of this.watching(collection)) response.write(text);
  }

  /** Tells every watch where it is, from now on. */
  sendBookmarks(everyMs: number): void {
    clearInterval(this.beat);
    this.beat = setInterval(() => {
      const line = JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(this.version) } } });
      for (const { response } of this.watchers) response.write(`${line}\n`);
    }, everyMs);
  }

  /** Ends all watches; what follows happens unseen until they are back. */
  hangUp(): void {
    for (const { response } of this.watchers) response.destroy();
    this.watchers.clear();
  }

  /** Forgets everything but the present: watches from before, and pages, get 410. */
  compact(): void {
    this.oldest = this.version;
    this.history = [];
    this.pages.clear();
  }

  async stop(): Promise<void> {
    clearInterval(this.beat);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(incoming: IncomingMessage, response: ServerResponse): void {
    const url = new URL(incoming.url ?? '/', this.url);
    const isWatch = url.searchParams.get('watch') === '1';
    const request = { path: url.pathname, query: url.searchParams, isWatch, at: performance.now() };
    this.requests.push(request);
    if (this.intercept?.(request, response)) return;
    if (url.pathname === '/apis') sendJson(response, 200, { kind: 'APIGroupDiscoveryList', items: this.discovery() });
    else if (isWatch) this.watch(request, response);
    else this.list(request, response);
  }

  private discovery(): readonly object[] {
    return customKinds.flatMap((kind) => {
      if (!this.objectsOf(definitions).has(`/${crdName(kind)}`)) return [];
      const versions = kind.versions.map((version) => ({ version, resources: [{ resource: kind.plural }] }));
      return [{ metadata: { name: kind.group }, versions }];
    });
  }

  private list({ path, query }: FakeRequest, response: ServerResponse): void {
    const token = query.get('continue') ?? '';
    const [id = '', from = '0'] = token.split(':');
    const page = token === '' ? { version: this.version, items: this.select(path, query) } : this.pages.get(id);
    if (!page) {
      expire(response);
      return;
    }
    const start = Number(from);
    const end = start + Number(query.get('limit') ?? '500');
    const name = String(page.version);
    const isLast = end >= page.items.length;
    if (!isLast) this.pages.set(name, page);
    const metadata = { resourceVersion: name, ...(isLast ? {} : { continue: `${name}:${end}` }) };
    sendJson(response, 200, { kind: 'List', metadata, items: page.items.slice(start, end) });
  }

  private watch({ path, query }: FakeRequest, response: ServerResponse): void {
    const since = Number(query.get('resourceVersion') ?? '0');
    if (since < this.oldest) {
      expire(response);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const collection = collectionPath(path);
    for (const event of this.history) if (event.collection === collection && event.version > since) response.write(event.line);
    const watcher = { path, response };
    this.watchers.add(watcher);
    response.on('close', () => this.watchers.delete(watcher));
  }

  private select(path: string, query: URLSearchParams): readonly FakeObject[] {
    const namespace = /\/namespaces\/([^/]+)\//.exec(path)?.[1];
    const name = /^metadata\.name=(.+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
    return [...this.objectsOf(collectionPath(path)).values()].filter(
      ({ metadata }) => (namespace === undefined || metadata.namespace === namespace) && (name === undefined || metadata.name === name),
    );
  }

  private objectsOf(collection: string): Map<string, FakeObject> {
    const known = this.collections.get(collection);
    if (known) return known;
    const made = new Map<string, FakeObject>();
    this.collections.set(collection, made);
    return made;
  }

  private tell(collection: string, type: string, object: FakeObject): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    this.history.push({ collection, version: this.version, line });
    for (const { path, response } of this.watchers) if (collectionPath(path) === collection) response.write(line);
  }
}

/** A `Status` as the server's errors are. */
export function sendStatus(response: ServerResponse, code: number, reason: string, headers: Readonly<Record<string, string>> = {}): void {
  sendJson(response, code, statusOf(code, reason), headers);
}

export function statusOf(code: number, reason: string): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: `the fake says ${reason}` };
}

function sendJson(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function expire(response: ServerResponse): void {
  sendStatus(response, 410, 'Expired');
}

function keyOf({ metadata }: FakeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function collectionPath(path: string): string {
  return path.replace(/\/namespaces\/[^/]+\//, '/');
}
