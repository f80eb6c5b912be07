import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';

/** A TCP proxy before an HTTP server that counts connections and requests. A request is what begins in a chunk of its own, as on kept connections. */
export class CountingProxy {
  /** Connections ever taken. */
  accepted = 0;
  open = 0;
  mostOpen = 0;
  /** Paths asked for, without their queries. */
  readonly requests: string[] = [];
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(port: number): Promise<CountingProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new CountingProxy(server);
    server.on('connection', (client) => {
      proxy.accepted++;
      proxy.open++;
      proxy.mostOpen = Math.max(proxy.mostOpen, proxy.open);
      const upstream = connect({ host: '127.0.0.1', port, noDelay: true });
      client.setNoDelay(true);
      client.on('data', (chunk: Buffer) => {
        const path = /^GET (\/v1\/[^ ?]*)/.exec(chunk.toString('latin1'))?.[1];
        if (path !== undefined) proxy.requests.push(path);
        upstream.write(chunk);
      });
      upstream.on('data', (chunk: Buffer) => client.write(chunk));
      for (const socket of [client, upstream]) socket.on('error', () => {});
      client.on('close', () => {
        proxy.open--;
        upstream.destroy();
      });
      upstream.on('close', () => client.destroy());
    });
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }
}
