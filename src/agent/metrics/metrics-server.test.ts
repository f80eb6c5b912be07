import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { AdminClient } from '../admin-client.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';

const open: (MetricsServer | Server)[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** An admin interface that answers every path with its own status. */
async function admin(status: number): Promise<AdminClient> {
  const server = createServer((request, response) => {
    response.statusCode = status;
    response.end(`envoy_istio_requests_total{reporter="source"} 1\nenvoy_path{path="${request.url}"} 1\n`);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new AdminClient({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
}

async function ask(path: string, of: AdminClient | undefined): Promise<readonly [number, string]> {
  const server = await serveMetrics({ host: '127.0.0.1', port: 0, admin: () => of, peer: 'w;n;s;;c', version: '1.2' });
  open.push(server);
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return [answer.status, await answer.text()];
}

it("serves Envoy's metrics under Istio's names, and which version it is", async () => {
  const [status, text] = await ask('/stats/prometheus', await admin(200));
  expect(status).toBe(200);
  expect(text).toContain('istio_requests_total{reporter="source",source_workload="w"');
  expect(text).toContain('istio_build{component="proxy",tag="1.2"} 1\n');
});

it('says whether Envoy is ready, and that it is not there', async () => {
  expect(await ask('/healthz/ready', await admin(200))).toEqual([200, 'ready\n']);
  expect((await ask('/healthz/ready', await admin(503)))[0]).toBe(503);
  expect((await ask('/stats/prometheus', undefined))[0]).toBe(503);
  expect((await ask('/stats/prometheus', await admin(500)))[0]).toBe(503);
});

it('has no other pages', async () => {
  expect((await ask('/config_dump', await admin(200)))[0]).toBe(404);
});
