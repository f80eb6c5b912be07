import { type Agent, request } from 'node:http';
import type { LoopbackAddress } from './loopback-address.ts';

export interface HttpCall {
  readonly to: LoopbackAddress;
  readonly path: string;
  readonly agent: Agent;
  readonly timeoutMs: number;
  readonly method?: 'GET' | 'POST';
  /** Name of the service that is meant, where that is not the address. */
  readonly host?: string;
}

export interface HttpReply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** One request; rejects where no complete answer comes in time. */
export function callHttp({ to, path, agent, timeoutMs, method = 'GET', host }: HttpCall): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const call = request({ host: to.host, port: to.port, path, method, agent, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
    });
    call.setTimeout(timeoutMs, () => call.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    call.on('error', reject);
    call.end();
  });
}
