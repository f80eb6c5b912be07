import { Agent, createServer, type Server } from 'node:http';
import { callHttp, type HttpReply } from './http-call.ts';
import type { LoopbackAddress } from './loopback-address.ts';

export interface FrontendAppOptions {
  /** Where its sidecar takes calls to `register`. */
  readonly register: LoopbackAddress;
  /** What it registers itself as. */
  readonly self: LoopbackAddress;
  readonly timeoutMs: number;
}

/** Called for every request: `/` asks `register` who there is, `/checkin` registers the frontend again. */
export function frontendApp({ register, self, timeoutMs }: FrontendAppOptions): Server {
  const agent = new Agent({ keepAlive: true });
  const checkin = `/register?serviceName=frontend&host=${self.host}&port=${self.port}`;
  const ask = (path: string): Promise<HttpReply> => {
    const call = { to: register, host: 'register', agent, timeoutMs };
    if (path === '/checkin') return callHttp({ ...call, path: checkin, method: 'POST' });
    return callHttp({ ...call, path: '/discovery?serviceName=register' });
  };
  const server = createServer((request, response) => {
    request.resume();
    ask(request.url ?? '/').then(
      (reply) => {
        const version = reply.headers['x-register-version'];
        const headers = { 'content-type': 'application/json', ...(typeof version === 'string' && { 'x-register-version': version }) };
        response.writeHead(reply.status === 200 ? 200 : 502, headers).end(reply.body);
      },
      (error: unknown) => response.writeHead(502, { 'content-type': 'text/plain' }).end(`register: ${String(error)}\n`),
    );
  });
  return server.on('close', () => agent.destroy());
}
