import { createServer, type Server, type ServerResponse } from 'node:http';
import { type Clock, delay } from '../../lib/clock.ts';
import type { ServiceDirectory } from './service-directory.ts';

export interface RegisterAppOptions {
  readonly version: string;
  readonly instance: string;
  /** How long each answer takes; the versions differ, so that a shift of weights shows in the latency too. */
  readonly workMs: number;
  readonly directory: ServiceDirectory;
  readonly clock: Clock;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The service `register` of the Go-kit lesson: `/register`, `/discovery?serviceName=...` and `/health`. It says which version answered. */
export function registerApp(options: RegisterAppOptions): Server {
  const { version, instance, workMs, clock } = options;
  const respond = async (target: string, response: ServerResponse) => {
    const url = new URL(target, 'http://register');
    const { status, body } = answer(url, options.directory);
    if (url.pathname !== '/health') await delay(clock, workMs);
    const headers = { 'content-type': 'application/json', 'x-register-version': version, 'x-register-instance': instance };
    response.writeHead(status, headers).end(`${JSON.stringify(body)}\n`);
  };
  return createServer((request, response) => {
    request.resume();
    void respond(request.url ?? '/', response);
  });
}

function answer(url: URL, directory: ServiceDirectory): Answer {
  switch (url.pathname) {
    case '/health':
      return { status: 200, body: { status: 'OK' } };
    case '/discovery':
      return discovery(url.searchParams.get('serviceName') ?? '', directory);
    case '/register':
      return registration(url.searchParams, directory);
    default:
      return { status: 404, body: { error: `nothing at ${url.pathname}` } };
  }
}

function discovery(serviceName: string, directory: ServiceDirectory): Answer {
  if (serviceName === '') return { status: 400, body: { error: 'serviceName is missing' } };
  return { status: 200, body: { instances: directory.discover(serviceName), error: '' } };
}

function registration(query: URLSearchParams, directory: ServiceDirectory): Answer {
  const serviceName = query.get('serviceName') ?? '';
  const host = query.get('host') ?? '';
  const port = Number(query.get('port'));
  if (serviceName === '' || host === '' || !Number.isInteger(port) || port <= 0) {
    return { status: 400, body: { error: 'serviceName, host and port are needed' } };
  }
  directory.register(serviceName, { host, port });
  return { status: 200, body: { registered: true, error: '' } };
}
