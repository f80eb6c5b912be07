import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connectKube } from './connect-kube.ts';
import { KubeApiError } from './kube-api-error.ts';

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function kubeconfig(server: string, user: object, cluster: object = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'here',
  });
}

function fileWith(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'coxswain-kube-')), 'config');
  writeFileSync(file, text);
  return file;
}

const clientOf = async (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
  connectKube({ kind: 'inline', text: kubeconfig(await listen(answer), { token: 'secret' }) });

describe('requests', () => {
  it('carry the token, the query and a body, and give what the server says', async () => {
    const seen: string[] = [];
    const client = await clientOf((request, response) => {
      const { authorization, 'content-type': contentType } = request.headers;
      const body: Buffer[] = [];
      request.on('data', (part: Buffer) => body.push(part));
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${authorization} ${contentType} ${Buffer.concat(body).toString()}`);
        response.end('{"kind":"Pod"}');
      });
    });
    expect(await client.request({ method: 'GET', path: '/api/v1/pods', query: { limit: '5', fieldSelector: 'a=b' } })).toEqual({
      kind: 'Pod',
    });
    await client.request({ method: 'PATCH', path: '/x', body: { a: 1 }, contentType: 'application/merge-patch+json' });
    expect(seen).toEqual([
      'GET /api/v1/pods?limit=5&fieldSelector=a%3Db Bearer secret undefined ',
      'PATCH /x Bearer secret application/merge-patch+json {"a":1}',
    ]);
  });

  it('use one connection again', async () => {
    const ports = new Set<number | undefined>();
    const client = await clientOf((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    for (let i = 0; i < 3; i++) await client.request({ method: 'GET', path: '/' });
    expect(ports.size).toBe(1);
  });

  it('tell what kind of error it was, and how long to wait', async () => {
    const client = await clientOf((request, response) => {
      response.writeHead(
        429,
        request.url === '/dated' ? { 'retry-after': new Date(Date.now() + 90_000).toUTCString() } : { 'retry-after': '7' },
      );
      response.end(JSON.stringify({ kind: 'Status', reason: 'TooManyRequests', message: 'slow down', code: 429 }));
    });
    const error = await client.request({ method: 'GET', path: '/apis' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KubeApiError);
    expect(error).toMatchObject({ status: 429, reason: 'TooManyRequests', retryAfterMs: 7000, message: 'GET /apis: 429 slow down' });
    const dated = await client.request({ method: 'GET', path: '/dated' }).catch((thrown: unknown) => thrown);
    expect((dated as KubeApiError).retryAfterMs).toBeGreaterThan(80_000);
  });

  it('end with their time, and say where they went', async () => {
    const client = await clientOf(() => undefined);
    await expect(client.request({ method: 'GET', path: '/slow', timeoutMs: 20 })).rejects.toThrow(
      /GET \/slow at http:.*no answer within 0.02 s/,
    );
    await expect(client.stream({ method: 'GET', path: '/slow', timeoutMs: 20 })).rejects.toThrow(/no answer within/);
  });

  it('take any time, whole milliseconds or not', async () => {
    const client = await clientOf((_request, response) => void response.end('{}'));
    for (const timeoutMs of [7453.640310999999, 9_999.5]) expect(await client.request({ method: 'GET', path: '/', timeoutMs })).toEqual({});
    await expect(client.request({ method: 'GET', path: '/', timeoutMs: -0.5 })).rejects.toThrow(/no answer within/);
  });

  it('say that nobody listens', async () => {
    const client = await connectKube({ kind: 'inline', text: kubeconfig('http://127.0.0.1:1', { token: 'secret' }) });
    await expect(client.request({ method: 'GET', path: '/api' })).rejects.toThrow(/http:\/\/127.0.0.1:1: .*ECONNREFUSED/);
  });
});

describe('streams', () => {
  it('give bytes as they come, and end with the signal', async () => {
    let send: ServerResponse | undefined;
    const client = await clientOf((_request, response) => {
      response.write('one');
      send = response;
    });
    const stop = new AbortController();
    const heard: string[] = [];
    for await (const chunk of await client.stream({ method: 'GET', path: '/watch', signal: stop.signal, timeoutMs: 5_000 })) {
      heard.push(Buffer.from(chunk).toString());
      if (heard.length === 1) send?.write('two');
      else stop.abort();
    }
    expect(heard).toEqual(['one', 'two']);
  });

  it('fail when the connection breaks', async () => {
    const client = await clientOf((_request, response) => {
      response.write('one');
      setImmediate(() => response.destroy());
    });
    const read = async () => {
      for await (const _ of await client.stream({ method: 'GET', path: '/watch' }));
    };
    await expect(read()).rejects.toThrow(/aborted|reset|hang up/);
  });
});

describe('credentials', () => {
  it('are read again when the server refuses them', async () => {
    const seen: unknown[] = [];
    const server = await listen((request, response) => {
      seen.push(request.headers.authorization);
      response.statusCode = request.headers.authorization === 'Bearer new' ? 200 : 401;
      response.end('{}');
    });
    const file = fileWith(kubeconfig(server, { token: 'old' }));
    const client = await connectKube({ kind: 'kubeconfig', files: [file] });
    await expect(client.request({ method: 'GET', path: '/' })).rejects.toMatchObject({ status: 401 });
    writeFileSync(file, kubeconfig(server, { token: 'new' }));
    await client.request({ method: 'GET', path: '/' });
    expect(seen.at(-1)).toBe('Bearer new');
  });

  it('come out of a token file, without its line end', async () => {
    let seen: unknown;
    const server = await listen((request, response) => {
      seen = request.headers.authorization;
      response.end('{}');
    });
    const config = { 'auth-provider': { name: 'tokenFile', config: { tokenFile: fileWith('of-the-file\n') } } };
    const client = await connectKube({ kind: 'kubeconfig', files: [fileWith(kubeconfig(server, config))] });
    await client.request({ method: 'GET', path: '/' });
    expect(seen).toBe('Bearer of-the-file');
  });

  it('of a text from elsewhere name no programs or files of this machine', async () => {
    const refused = (user: object, cluster?: object) =>
      connectKube({ kind: 'inline', text: kubeconfig('https://127.0.0.1:1', user, cluster) }).then(
        () => 'accepted',
        (error: unknown) => (error as Error).message,
      );
    expect(await refused({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'true' } })).toMatch(/uses exec, /);
    expect(await refused({ 'client-key': '/etc/key', token: 'a' })).toMatch(/uses client-key, /);
    expect(await refused({ token: 'a' }, { 'certificate-authority': '/etc/ca' })).toMatch(/uses certificate-authority, /);
    expect(await refused({ token: 'a' }, { 'insecure-skip-tls-verify': true })).toMatch(/uses insecure-skip-tls-verify, /);
    expect(await refused({ token: 'a' })).toBe('accepted');
  });

  it('name the contexts that there are', async () => {
    const file = fileWith(kubeconfig('http://127.0.0.1:1', { token: 'a' }));
    await expect(connectKube({ kind: 'kubeconfig', files: [file], context: 'there' })).rejects.toThrow('no context "there"; it has here');
  });
});
