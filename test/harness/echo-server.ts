import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

export interface EchoedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An application behind the mesh: it answers with its own name and with what it was asked, and remembers it. */
export class EchoServer {
  readonly name: string;
  readonly received: EchoedRequest[] = [];
  /** How it answers from now on. */
  answer: Answer;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(name: string) {
    this.name = name;
    this.answer = (request, response) => this.echo(request, response);
    // A connection that ends because this process was busy elsewhere would look like a fault of the mesh.
    this.server = createServer({ keepAlive: true, keepAliveTimeout: 0 }, (request, response) => {
      this.received.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
      this.answer(request, response);
    });
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(name: string): Promise<EchoServer> {
    const echo = new EchoServer(name);
    await new Promise<void>((resolve) => echo.server.listen(0, '127.0.0.1', resolve));
    return echo;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  echo(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('x-backend', this.name);
    response.setHeader('x-internal', 'for nobody else');
    response.end(JSON.stringify({ method: request.method, path: request.url, headers: request.headers }));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/** A TCP application that says its name to whoever connects, and hangs up. Returns its port; ends with the signal. */
export async function startGreeter(name: string, signal: AbortSignal): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.end(name);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  signal.addEventListener('abort', () => server.close(), { once: true });
  return (server.address() as AddressInfo).port;
}
