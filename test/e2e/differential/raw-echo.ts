import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Header } from '../../../src/simulate/request.ts';
import { backendHeaders } from './header-rules.ts';
import { echoHeader, writeEcho } from './raw-answer.ts';

/** HTTP/1.1 applications that take any request and answer with what they were asked, in a header, beside headers of their own. */
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
    const headers = lines.map((line): Header => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
    const host = headers.find(([name]) => name === 'host')?.[1] ?? '';
    const echo: Header = [echoHeader, writeEcho({ backend: this.name, method, path, host, headers })];
    const answered = [...backendHeaders, echo].map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return `HTTP/1.1 200 OK\r\n${answered}content-length: 0\r\n\r\n`;
  }
}
