import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { EchoedRequest } from './echo-server.ts';

export interface Target {
  readonly address: string;
  readonly port: number;
}

export interface Call extends Target {
  readonly host: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Which backend answered; empty where none did. */
  readonly backend: string;
  /** What the backend was asked. */
  readonly echoed: EchoedRequest | undefined;
  readonly elapsedMs: number;
}

/** One client's connections. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });

  /** Rejects where the connection fails; any status is an answer. */
  call({ address, port, host, path = '/', method = 'GET', headers = {} }: Call): Promise<Answer> {
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const options = { host: address, port, path, method, agent: this.agent, headers: { ...headers, host }, timeout: 20_000 };
      const call = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString();
          const backend = String(response.headers['x-backend'] ?? '');
          const echoed = backend === '' || body === '' ? undefined : (JSON.parse(body) as EchoedRequest);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body,
            backend,
            echoed,
            elapsedMs: performance.now() - startedAt,
          });
        });
      });
      call.on('timeout', () => call.destroy(new Error('no answer within 20 s')));
      call.on('error', reject);
      call.end();
    });
  }

  /** How often each backend answered `count` equal calls; another status than 200 counts under its number. */
  async tally(call: Call, count: number): Promise<ReadonlyMap<string, number>> {
    const tally = new Map<string, number>();
    let left = count;
    const lane = async () => {
      for (; left > 0; ) {
        left--;
        const { status, backend } = await this.call(call);
        const key = status === 200 ? backend : String(status);
        tally.set(key, (tally.get(key) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 16 }, lane));
    return tally;
  }

  close(): void {
    this.agent.destroy();
  }
}

/** What a TCP server says before it hangs up. */
export function readTcp({ address, port }: Target): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host: address, port });
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

export interface TlsAnswer {
  readonly text: string;
  /** Alternative names of the certificate that the server showed. */
  readonly serverNames: string;
}

/** Says `send` over TLS to a server name, and what comes back until the server hangs up. Certificates are checked against `ca`. */
export function callTls({ address, port }: Target, servername: string, ca: string, send: string): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    let text = '';
    let serverNames = '';
    const socket = connectTls({ host: address, port, servername, ca }, () => {
      serverNames = socket.getPeerCertificate().subjectaltname ?? '';
      socket.write(send);
    });
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve({ text, serverNames }));
  });
}
