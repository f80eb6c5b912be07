import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** What an application was asked, byte for byte. */
export interface Echoed {
  readonly backend: string;
  readonly method: string;
  readonly path: string;
  readonly host: string;
}

/** HTTP/1.1 applications that take any request and answer with what they were asked, in a header: `x-echo`. */
export class RawEcho {
  readonly name: string;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(name: string) {
    this.name = name;
    this.server = createServer((socket) => {
      socket.setNoDelay(true);
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.sockets.delete(socket));
      let held = '';
      socket.on('data', (chunk: Buffer) => {
        held += chunk.toString('latin1');
        for (let end = held.indexOf('\r\n\r\n'); end >= 0; end = held.indexOf('\r\n\r\n')) {
          socket.write(this.answer(held.slice(0, end)), 'latin1');
          held = held.slice(end + 4);
        }
      });
    });
  }

  static async start(name: string): Promise<RawEcho> {
    const echo = new RawEcho(name);
    await new Promise<void>((resolve) => echo.server.listen(0, '127.0.0.1', resolve));
    return echo;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Requests have no bodies here. */
  private answer(head: string): string {
    const [first = '', ...lines] = head.split('\r\n');
    const [method = '', path = ''] = first.split(' ');
    const host =
      lines
        .find((line) => /^host:/i.test(line))
        ?.slice(5)
        .trim() ?? '';
    const echoed: Echoed = { backend: this.name, method, path, host };
    const text = Buffer.from(JSON.stringify(echoed)).toString('base64');
    return `HTTP/1.1 200 OK\r\nx-echo: ${text}\r\ncontent-length: 0\r\n\r\n`;
  }
}
