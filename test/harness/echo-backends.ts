import { Server, ServerCredentials } from '@grpc/grpc-js';

/** The one method of the backends; request and response are bytes as they are. */
export const echoPath = '/coxswain.test.Echo/Say';

const bytes = { serialize: (value: Buffer) => value, deserialize: (value: Buffer) => value };

/** gRPC servers on addresses of their own and one common port; each answers with its address. */
export class EchoBackends {
  readonly port: number;
  private readonly servers: readonly Server[];

  private constructor(port: number, servers: readonly Server[]) {
    this.port = port;
    this.servers = servers;
  }

  static async start(addresses: readonly string[]): Promise<EchoBackends> {
    const servers: Server[] = [];
    let port = 0;
    for (const address of addresses) {
      const server = echoServer(address);
      servers.push(server);
      port = await bind(server, `${address}:${port}`);
    }
    return new EchoBackends(port, servers);
  }

  stop(): void {
    for (const server of this.servers) server.forceShutdown();
  }
}

function echoServer(address: string): Server {
  const server = new Server();
  registerEcho(server, address);
  return server;
}

/** Makes a server answer with a text. */
export function registerEcho(server: Server, answer: string): void {
  server.register<Buffer, Buffer>(
    echoPath,
    (_call: unknown, respond: (error: null, value: Buffer) => void) => respond(null, Buffer.from(answer)),
    bytes.serialize,
    bytes.deserialize,
    'unary',
  );
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port)));
  });
}
