import { type ClientHttp2Session, connect } from 'node:http2';
import type { Header } from '../../../src/simulate/request.ts';
import { joinedHeaders, type RawAnswer, readEcho } from './raw-answer.ts';
import type { RawCall } from './raw-client.ts';

/** Requests of HTTP/2 without TLS, by prior knowledge, one after the other on one connection that is made anew where Envoy closes it. */
export class H2Client {
  private readonly authority: string;
  private session: ClientHttp2Session | undefined;

  constructor(address: string, port: number) {
    this.authority = `http://${address}:${port}`;
  }

  /** Undefined: nobody listens, or the stream or connection was closed without an answer. */
  call({ method, target, host, headers }: RawCall): Promise<RawAnswer | undefined> {
    const session = this.connected();
    const { promise, resolve } = Promise.withResolvers<RawAnswer | undefined>();
    const named = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
    const stream = session.request({ ':method': method, ':scheme': 'http', ':authority': host, ':path': target, ...named });
    let head: readonly string[] | undefined;
    let body = '';
    stream.setEncoding('latin1');
    stream.on('response', (_headers, _flags, raw: readonly string[]) => {
      head = raw;
    });
    stream.on('data', (chunk: string) => {
      body += chunk;
    });
    stream.on('error', () => stream.destroy());
    stream.on('close', () => resolve(head && answerOf(head, body)));
    stream.end();
    return promise;
  }

  close(): void {
    this.session?.destroy();
    this.session = undefined;
  }

  private connected(): ClientHttp2Session {
    if (this.session !== undefined && !this.session.closed && !this.session.destroyed) return this.session;
    const session = connect(this.authority);
    session.on('error', () => session.destroy());
    this.session = session;
    return session;
  }
}

/** Names and values of the head stand one after the other. */
function answerOf(head: readonly string[], body: string): RawAnswer {
  const pairs = head.flatMap((name, index): Header[] => (index % 2 === 0 ? [[name, head[index + 1] ?? '']] : []));
  const headers = joinedHeaders(pairs);
  return { status: Number(headers.get(':status')), headers, body, echoed: readEcho(headers) };
}
