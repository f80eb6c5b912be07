import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { FaultyPipe, type PipeFault } from './faulty-pipe.ts';

/** Where the server is that the proxy stands before. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/** One connection of a client and the one that leads on. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly toServer: FaultyPipe;
  readonly toClient: FaultyPipe;
}

/** A fault of every connection; what is cut or corrupted is what goes to the client. */
export type ChaosFault = PipeFault;

/**
 * A TCP proxy before one server that does to connections what networks do. What is set holds for connections that are there
 * and for those that come, until `heal`.
 */
export class ChaosProxy {
  /** How many connections it has taken, ever. */
  accepted = 0;
  readonly host: string;
  readonly port: number;
  private readonly upstream: Upstream;
  private readonly random: () => number;
  private readonly pairs = new Set<Pair>();
  private listener: Server;
  private fault: ChaosFault = {};
  private isStalled = false;

  private constructor(upstream: Upstream, listener: Server, random: () => number) {
    const { address, port } = listener.address() as AddressInfo;
    this.upstream = upstream;
    this.listener = listener;
    this.host = address;
    this.port = port;
    this.random = random;
    this.take(listener);
  }

  /** On a free port of loopback. `random` decides about jitter. */
  static async start(upstream: Upstream, random: () => number = Math.random): Promise<ChaosProxy> {
    return new ChaosProxy(upstream, await listenOn('127.0.0.1', 0), random);
  }

  /** `127.0.0.1:PORT` */
  get address(): string {
    return `${this.host}:${this.port}`;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.pairs.size;
  }

  /** Delay, jitter, throttle, cut, corrupt. Replaces what was set before. */
  set(fault: ChaosFault): void {
    this.fault = fault;
    for (const pair of this.pairs) this.applyTo(pair);
  }

  /** A black hole: nothing arrives any more and nobody is told. New connections are taken, and hang as well. */
  stall(): void {
    this.isStalled = true;
    for (const { toServer, toClient } of this.pairs) for (const pipe of [toServer, toClient]) pipe.stall();
  }

  /** RST to both sides of every connection. */
  reset(): void {
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Tells every client that no more will come, while what they send still arrives. */
  halfClose(): void {
    for (const { toClient } of this.pairs) toClient.endHere();
  }

  /** Nobody listens any more: new connections are refused. Those that are there live on. */
  refuse(): void {
    this.listener.close();
  }

  /** All is well again. What was held back arrives now; what was cut stays cut. */
  async heal(): Promise<void> {
    this.isStalled = false;
    this.set({});
    if (this.listener.listening) return;
    this.listener = await listenOn(this.host, this.port);
    this.take(this.listener);
  }

  stop(): void {
    this.refuse();
    this.reset();
  }

  private take(listener: Server): void {
    listener.on('connection', (client) => this.connect(client));
  }

  private connect(client: Socket): void {
    this.accepted++;
    const server = connect({ ...this.upstream, allowHalfOpen: true, noDelay: true });
    const toServer = new FaultyPipe(client, server, this.random);
    const toClient = new FaultyPipe(server, client, this.random);
    const pair = { client, server, toServer, toClient };
    this.pairs.add(pair);
    this.applyTo(pair);
    client.setNoDelay(true);
    this.tie(pair, client, server);
    this.tie(pair, server, client);
    void toServer.run();
    void toClient.run();
  }

  private applyTo({ toServer, toClient }: Pair): void {
    const { cutAfterBytes: _cut, corruptByteAt: _corrupt, ...both } = this.fault;
    toServer.set(both);
    toClient.set(this.fault);
    for (const pipe of [toServer, toClient]) {
      if (this.isStalled) pipe.stall();
      else pipe.flow();
    }
  }

  /** What breaks one side breaks the other, except in a black hole. */
  private tie(pair: Pair, socket: Socket, other: Socket): void {
    socket.on('error', () => {
      if (!this.isStalled) other.resetAndDestroy();
    });
    socket.on('close', () => {
      if (pair.client.destroyed && pair.server.destroyed) this.pairs.delete(pair);
    });
  }
}

async function listenOn(host: string, port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
