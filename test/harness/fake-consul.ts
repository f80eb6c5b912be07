import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One instance as a test states it. */
export interface FakeInstance {
  readonly service: string;
  readonly id?: string;
  readonly node?: string;
  readonly address?: string;
  readonly port?: number;
  readonly tags?: readonly string[];
  readonly meta?: Readonly<Record<string, string>>;
  /** Status of its check; null for an instance without a check. */
  readonly status?: string | null;
  /** Anything else of `Service`. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly nodeMore?: Readonly<Record<string, unknown>>;
}

export interface FakeRequest {
  readonly path: string;
  readonly index: number;
  readonly query: URLSearchParams;
  readonly token: string | undefined;
}

/** What an answer is instead of the truth. */
export interface FakeReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The connection breaks after so many bytes of the body. */
  readonly cutAfter?: number;
}

interface Held extends FakeInstance {
  readonly id: string;
  readonly node: string;
  readonly modifyIndex: number;
  readonly checkIndex: number;
}

/** An HTTP server that answers as one Consul agent does, and as none should where a test says so. */
export class FakeConsul {
  readonly requests: FakeRequest[] = [];
  readonly methods: string[] = [];
  /** Connections that were ever taken. */
  accepted = 0;
  /** Asked before every answer; undefined leaves it to the truth. */
  intervene: (request: FakeRequest) => FakeReply | undefined = () => undefined;
  index = 100;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly held = new Map<string, Held>();
  private readonly gone = new Map<string, number>();
  private servicesIndex = 100;
  private checksIndex = 100;
  private parked: { readonly request: FakeRequest; readonly response: ServerResponse }[] = [];

  private constructor() {
    this.server = createServer((request, response) => this.answer(request, response));
    this.server.keepAliveTimeout = 0;
    this.server.on('connection', (socket: Socket) => {
      this.accepted++;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(port = 0): Promise<FakeConsul> {
    const consul = new FakeConsul();
    await new Promise<void>((resolve) => consul.server.listen(port, '127.0.0.1', resolve));
    return consul;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Registers, or registers anew what has the same node and id. */
  register(...instances: readonly FakeInstance[]): void {
    this.index++;
    this.servicesIndex = this.index;
    for (const instance of instances) {
      const { id = `${instance.service}-1`, node = 'node-1' } = instance;
      const known = this.held.get(`${node}/${id}`);
      const isSameCheck = known !== undefined && known.status === instance.status && String(known.tags) === String(instance.tags);
      const checkIndex = isSameCheck ? known.checkIndex : this.index;
      if (!isSameCheck && instance.status !== null) this.checksIndex = this.index;
      this.held.set(`${node}/${id}`, { ...instance, id, node, modifyIndex: this.index, checkIndex });
    }
    this.wake();
  }

  setStatus(service: string, status: string, id = `${service}-1`, node = 'node-1'): void {
    const held = this.held.get(`${node}/${id}`);
    if (!held) throw new Error(`no instance ${id}`);
    this.index++;
    this.checksIndex = this.index;
    this.held.set(`${node}/${id}`, { ...held, status, checkIndex: this.index });
    this.wake();
  }

  deregister(service: string, id = `${service}-1`, node = 'node-1'): void {
    this.index++;
    this.servicesIndex = this.index;
    if (this.held.get(`${node}/${id}`)?.status !== null) this.checksIndex = this.index;
    this.gone.set(service, this.index);
    this.held.delete(`${node}/${id}`);
    this.wake();
  }

  /**
   * Another history: everything is gone, and the index begins anew. What is returned answers the queries that wait as Consul does then:
   * with what it knew before.
   */
  restore(index: number): () => void {
    const abandoned = this.parked.splice(0).map(({ request, response }) => {
      const headers = { 'x-consul-index': String(request.index), 'x-consul-knownleader': 'true' };
      return { response, reply: { headers, body: this.truth(request.path).body } };
    });
    this.index = index;
    this.servicesIndex = index;
    this.checksIndex = index;
    this.held.clear();
    this.gone.clear();
    return () => {
      for (const { response, reply } of abandoned) send(response, reply);
    };
  }

  /** What a blocking query for a path has to ask with to wait. */
  newestIndexOf(path: string): number {
    return this.truth(path).index;
  }

  /** Answers every blocking query. */
  wake(): void {
    for (const { request, response } of this.parked.splice(0)) this.reply(request, response);
  }

  /** How often each path was asked, by its first two parts. */
  count(prefix: string): number {
    return this.requests.filter(({ path }) => path.startsWith(prefix)).length;
  }

  get open(): number {
    return this.sockets.size;
  }

  breakConnections(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private answer(message: IncomingMessage, response: ServerResponse): void {
    const url = new URL(message.url ?? '/', 'http://consul');
    const request: FakeRequest = {
      path: url.pathname.replace(/^\/v1\//, ''),
      index: Number(url.searchParams.get('index') ?? 0),
      query: url.searchParams,
      token: message.headers['x-consul-token'] as string | undefined,
    };
    this.requests.push(request);
    this.methods.push(message.method ?? '');
    this.reply(request, response);
  }

  private reply(request: FakeRequest, response: ServerResponse): void {
    if (response.destroyed) return;
    const reply = this.intervene(request);
    if (reply !== undefined) {
      send(response, reply);
      return;
    }
    const { index, body } = this.truth(request.path);
    // As Consul does, an index from the future waits too.
    if (request.index > 1 && index <= request.index) this.parked.push({ request, response });
    else
      send(response, { headers: { 'x-consul-index': String(index), 'x-consul-knownleader': 'true', 'x-consul-lastcontact': '0' }, body });
  }

  private truth(path: string): { readonly index: number; readonly body: unknown } {
    const all = [...this.held.values()];
    if (path === 'catalog/services') {
      const names = Map.groupBy(all, ({ service }) => service);
      const tags = [...names].map(([name, list]) => [name, [...new Set(list.flatMap((instance) => instance.tags ?? []))]] as const);
      return { index: this.servicesIndex, body: { consul: [], ...Object.fromEntries(tags) } };
    }
    if (path === 'health/state/any')
      return { index: this.checksIndex, body: [serfHealth('consul-node'), ...all.flatMap((held) => checksOf(held))] };
    const name = decodeURIComponent(path.slice('health/service/'.length));
    const instances = all.filter(({ service }) => service === name);
    const newest = instances.map(({ modifyIndex, checkIndex }) => Math.max(modifyIndex, checkIndex));
    return { index: Math.max(1, this.gone.get(name) ?? 0, ...newest), body: instances.map((held) => entryOf(held)) };
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '', cutAfter }: FakeReply): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  if (cutAfter === undefined) response.end(text);
  else response.write(text.slice(0, cutAfter), () => response.socket?.destroy());
}

function serfHealth(node: string): object {
  return {
    Node: node,
    CheckID: 'serfHealth',
    Name: 'Serf',
    Status: 'passing',
    ServiceID: '',
    ServiceName: '',
    ServiceTags: [],
    ModifyIndex: 1,
  };
}

function checksOf({ service, id, node, tags = [], status, checkIndex }: Held): readonly object[] {
  if (status === null) return [];
  const about = { ServiceID: id, ServiceName: service, ServiceTags: tags };
  return [
    { Node: node, CheckID: `service:${id}`, Name: 'check', Status: status ?? 'passing', Output: '', ...about, ModifyIndex: checkIndex },
  ];
}

function entryOf(held: Held): object {
  const { service, id, node, address = '10.0.0.1', port = 8080, tags = [], meta = {}, more = {}, nodeMore = {}, modifyIndex } = held;
  return {
    Node: { Node: node, Address: '10.9.9.9', Datacenter: 'dc1', ...nodeMore },
    Service: {
      ID: id,
      Service: service,
      Address: address,
      Port: port,
      Tags: tags,
      Meta: meta,
      Kind: '',
      ModifyIndex: modifyIndex,
      ...more,
    },
    Checks: [serfHealth(node), ...checksOf(held)],
  };
}
