import { Agent, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { frontendApp } from './frontend-app.ts';
import { callHttp } from './http-call.ts';
import { type LoopbackAddress, listenOn } from './loopback-address.ts';
import { registerApp } from './register-app.ts';
import { ServiceDirectory } from './service-directory.ts';

const stop = new AbortController();
const agent = new Agent();
afterAll(() => {
  stop.abort();
  agent.destroy();
});

async function start(server: Server): Promise<LoopbackAddress> {
  await listenOn(server, { host: '127.0.0.1', port: 0 }, stop.signal);
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

const directory = new ServiceDirectory();
const register = await start(registerApp({ version: 'v2', instance: 'register-v2-a', workMs: 0, directory, clock: systemClock }));
const call = (to: LoopbackAddress, path: string) => callHttp({ to, path, agent, timeoutMs: 5000 });

describe('register', () => {
  it('is healthy, and says which version answered', async () => {
    const reply = await call(register, '/health');
    expect([reply.status, JSON.parse(reply.body), reply.headers['x-register-version']]).toEqual([200, { status: 'OK' }, 'v2']);
  });

  it('finds what was registered, once', async () => {
    for (const port of [9080, 9081, 9080]) await call(register, `/register?serviceName=shop&host=127.0.1.20&port=${port}`);
    const { body } = await call(register, '/discovery?serviceName=shop');
    expect(JSON.parse(body)).toEqual({ instances: [9080, 9081].map((port) => ({ host: '127.0.1.20', port })), error: '' });
  });

  it.each(['/discovery', '/register?serviceName=shop', '/register?serviceName=shop&host=a&port=x'])('refuses %s', async (path) => {
    expect((await call(register, path)).status).toBe(400);
  });
});

describe('frontend', () => {
  it('asks register and hands on its answer and version', async () => {
    const frontend = await start(frontendApp({ register, self: { host: '127.0.1.20', port: 9080 }, timeoutMs: 5000 }));
    expect((await call(frontend, '/checkin')).status).toBe(200);
    expect(directory.discover('frontend')).toEqual([{ host: '127.0.1.20', port: 9080 }]);
    const reply = await call(frontend, '/');
    expect([reply.status, reply.headers['x-register-version']]).toEqual([200, 'v2']);
  });

  it('answers 502 where register cannot be reached', async () => {
    const frontend = await start(frontendApp({ register: { host: '127.0.0.1', port: 1 }, self: register, timeoutMs: 5000 }));
    expect((await call(frontend, '/')).status).toBe(502);
  });
});
