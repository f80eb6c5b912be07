import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AdminClient, parseHostPort, parseStats } from './admin-client.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(answers: Readonly<Record<string, string>>): Promise<AdminClient> {
  const started = createServer((request, response) => {
    const body = answers[`${request.method} ${decodeURIComponent(request.url ?? '')}`];
    if (body === 'hang') return;
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return new AdminClient({ host: '127.0.0.1', port: (started.address() as AddressInfo).port }, 300);
}

describe('parseStats', () => {
  it('keeps numbers only', () => {
    const text =
      'listener.127.0.1.1_80.downstream_cx_active: 3\nserver.state: 0\nx: P0(nan,1) P25(nan,1)\ncluster.outbound|80||a: b.cx: 7\n\n';
    expect([...parseStats(text)]).toEqual([
      ['listener.127.0.1.1_80.downstream_cx_active', 3],
      ['server.state', 0],
      ['cluster.outbound|80||a: b.cx', 7],
    ]);
  });
});

describe('parseHostPort', () => {
  it.each([
    ['127.0.0.1:15000\n', { host: '127.0.0.1', port: 15000 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['istiod.istio-system.svc:15010', { host: 'istiod.istio-system.svc', port: 15010 }],
    ['', undefined],
    ['::1:80', undefined],
    ['host', undefined],
    ['host:70000', undefined],
  ])('%j', (text, expected) => {
    expect(parseHostPort(text)).toEqual(expected);
  });
});

describe('AdminClient', () => {
  it('counts the connections of clients, not those of the admin interface or of single workers', async () => {
    const stats = [
      'listener.127.0.1.1_80.downstream_cx_active: 3',
      'listener.127.0.1.1_80.worker_0.downstream_cx_active: 3',
      'listener.127.0.1.1_81.downstream_cx_active: 1',
      'listener.admin.downstream_cx_active: 1',
      'listener.admin.main_thread.downstream_cx_active: 1',
    ].join('\n');
    const client = await serve({ [String.raw`GET /stats?usedonly&filter=^listener\..*downstream_cx_active$`]: stats });
    await expect(client.activeConnections()).resolves.toBe(4);
  });

  it('drains, and rejects when it is refused or nobody answers', async () => {
    const client = await serve({ 'POST /drain_listeners?graceful': 'OK', 'GET /ready': 'LIVE', 'GET /server_info': 'hang' });
    await expect(client.drain('all')).resolves.toBeUndefined();
    await expect(client.drain('inbound')).rejects.toThrow('404');
    await expect(client.isReady()).resolves.toBe(true);
    await expect(client.serverInfo()).rejects.toThrow();
  });
});
