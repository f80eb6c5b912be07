import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Backend } from './service-names.ts';

const connectWithinMs = 2000;

/** Takes connections at one address and leads each to one of the backends, in turn; to the next where one refuses. */
export class TcpForwarder {
  private readonly server: Server;
  private readonly backends: () => readonly Backend[];
  private readonly sockets = new Set<Socket>();
  private turn = 0;

  private constructor(server: Server, backends: () => readonly Backend[]) {
    this.server = server;
    this.backends = backends;
    server.on('connection', (client) => void this.lead(client));
  }

  static async listen(host: string, port: number, backends: () => readonly Backend[]): Promise<TcpForwarder> {
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
    server.listen(port, host);
    await once(server, 'listening');
    return new TcpForwarder(server, backends);
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private async lead(client: Socket): Promise<void> {
    this.track(client);
    const backends = this.backends();
    for (let i = 0; i < backends.length; i++) {
      const backend = backends[this.turn++ % backends.length] as Backend;
      const server = await this.reach(backend).catch(() => undefined);
      if (!server) continue;
      tie(client, server);
      return;
    }
    client.resetAndDestroy();
  }

  private async reach({ address, port }: Backend): Promise<Socket> {
    const socket = connect({ host: address, port, allowHalfOpen: true, noDelay: true });
    this.track(socket);
    const timer = setTimeout(() => socket.destroy(new Error('no answer')), connectWithinMs);
    try {
      await once(socket, 'connect');
      return socket;
    } finally {
      clearTimeout(timer);
    }
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
  }
}

/** What one says the other hears, up to how it ends. */
function tie(client: Socket, server: Socket): void {
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.on('error', () => to.resetAndDestroy());
    from.on('close', () => from.readableEnded || to.resetAndDestroy());
    from.pipe(to);
  }
}
