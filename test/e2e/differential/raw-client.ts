import { connect, type Socket } from 'node:net';
import type { Header } from '../../../src/simulate/request.ts';
import { joinedHeaders, type RawAnswer, readEcho } from './raw-answer.ts';

export interface RawCall {
  readonly method: string;
  /** What stands in the request line. */
  readonly target: string;
  readonly host: string;
  readonly headers: readonly Header[];
}

/** How long an answer may take: longer than any Envoy needs, so that a hang is told as one. */
const patienceMs = 20_000;

/** Requests of HTTP/1.1 as they are, one after the other on one connection that is made anew where Envoy closes it. */
export class RawClient {
  private readonly address: string;
  private readonly port: number;
  private socket: Socket | undefined;

  constructor(address: string, port: number) {
    this.address = address;
    this.port = port;
  }

  /** Undefined: nobody listens, or the connection was closed without an answer. */
  async call(call: RawCall): Promise<RawAnswer | undefined> {
    const socket = this.socket ?? connect({ host: this.address, port: this.port, noDelay: true });
    this.socket = socket;
    const answer = await exchange(socket, call);
    if (answer === undefined || answer.headers.get('connection') === 'close') this.close();
    return answer;
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }
}

function exchange(socket: Socket, { method, target, host, headers }: RawCall): Promise<RawAnswer | undefined> {
  return new Promise((resolve, reject) => {
    let held = '';
    const timer = setTimeout(() => finish(() => reject(new Error(`no answer to ${method} ${target}`))), patienceMs);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => socket.destroy());
      settle();
    };
    socket.on('data', (chunk: Buffer) => {
      held += chunk.toString('latin1');
      const answer = parseAnswer(held, method);
      if (answer !== undefined) finish(() => resolve(answer));
    });
    socket.on('error', () => finish(() => resolve(undefined)));
    socket.on('close', () => finish(() => resolve(undefined)));
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const length = method === 'POST' || method === 'PUT' ? 'content-length: 0\r\n' : '';
    socket.write(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${lines}${length}\r\n`, 'latin1');
  });
}

/** Undefined as long as something is missing. */
function parseAnswer(text: string, method: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = joinedHeaders(lines.map((line): Header => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
  const rest = text.slice(end + 4);
  const length = Number(headers.get('content-length') ?? 0);
  const body = method === 'HEAD' ? '' : headers.get('transfer-encoding') === 'chunked' ? unchunked(rest) : rest.slice(0, length);
  if (body === undefined || (method !== 'HEAD' && body.length < length)) return undefined;
  return { status: Number(first.split(' ')[1]), headers, body, echoed: readEcho(headers) };
}

function unchunked(text: string): string | undefined {
  let body = '';
  for (let at = 0; ; ) {
    const line = text.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(text.slice(at, line), 16);
    if (text.length < line + 2 + size + 2) return undefined;
    if (size === 0) return body;
    body += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}
