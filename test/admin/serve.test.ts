// The HTTP port of a real `coxswain serve`, with a proxy that only speaks xDS.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { parsePrometheusText, type ScrapedMetric } from '../harness/prometheus-text.ts';
import { pinnedNode, program, ServeProcess } from '../harness/serve-process.ts';
import { freePorts } from '../harness/servers/free-ports.ts';
import { loadAdsClient } from '../protocol/ads-service.ts';
import { webNodeId } from './debug-fixture.ts';

const service = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 10.96.0.7, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
`;
const wrong = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: {hosts: [web], http: [{timout: 5s, route: [{destination: {host: web}}]}]}
`;

let folder = '';
let server: ServeProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coxswain-admin-'));
  await writeFile(join(folder, 'web.yaml'), service);
  server = await ServeProcess.start(folder);
});

afterAll(async () => {
  server.kill();
  await rm(folder, { recursive: true });
});

const scrape = async (): Promise<ReadonlyMap<string, ScrapedMetric>> => parsePrometheusText(await (await server.get('/metrics')).text());
const totalOf = (metrics: ReadonlyMap<string, ScrapedMetric>, name: string) =>
  [...(metrics.get(name)?.samples.values() ?? [])].reduce((sum, value) => sum + value, 0);

/** What a command prints that is told where the server is. */
async function show(...command: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(pinnedNode, [program, ...command, '--http-address', server.http]);
  return stdout;
}

/** Patient: the machine may be busy. */
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 20 });

interface Response {
  readonly type_url: string;
  readonly nonce: string;
}

/** Subscribes to clusters, refuses the first response and takes the next ones. */
function connect(): void {
  const client = new (loadAdsClient())(server.xds, credentials.createInsecure());
  const call = (client['DeltaAggregatedResources'] as () => ClientDuplexStream<object, Response>).call(client);
  call.on('error', () => undefined);
  onTestFinished(() => {
    call.cancel();
    client.close();
  });
  let isFirst = true;
  call.on('data', ({ type_url, nonce }: Response) => {
    const error_detail = isFirst ? { code: 13, message: 'I do not like it' } : undefined;
    isFirst = false;
    call.write({ type_url, response_nonce: nonce, error_detail });
  });
  call.write({ node: { id: webNodeId, metadata: { fields: {} } }, type_url: typeUrls.CDS });
}

it('is ready', async () => {
  const ready = await server.get('/ready');
  expect([ready.status, await ready.text()]).toEqual([200, '']);
});

it('shows a proxy, what it was sent and that it refused it', async () => {
  connect();
  await until(async () => expect(totalOf(await scrape(), 'pilot_total_xds_rejects')).toBe(1));
  const [status] = (await (await server.get('/debug/syncz')).json()) as Record<string, unknown>[];
  expect(status).toMatchObject({ proxy: 'web-1.shop', resources: { [typeUrls.CDS]: { lastError: 'I do not like it' } } });
  expect((await scrape()).get('pilot_xds_cds_reject')?.samples.get('pilot_xds_cds_reject{node="web-1.shop"}')).toBe(1);

  for (const page of (await (await server.get('/debug/list')).json()) as string[]) {
    const answer = await server.get(`/debug/${page}?proxyID=web-1.shop&pretty`);
    expect([page, answer.status, answer.headers.get('content-type')]).toEqual([page, 200, 'application/json']);
    await expect(answer.json()).resolves.toBeInstanceOf(Object);
  }
  const dump = await (await server.get('/debug/config_dump?proxyID=web-1.shop')).text();
  expect(dump).toContain('outbound|80||web.shop.svc.cluster.local');
});

it('answers the commands that look at it', async () => {
  connect();
  await until(async () => expect(await show('proxy-status')).toMatch(/^web-1\.shop +(NACK|SYNCED)/m));
  expect(JSON.parse(await show('ps', 'web-1', '-o', 'json'))).toMatchObject([{ proxy: 'web-1.shop' }]);
  expect(await show('registries')).toMatch(/^Kubernetes +Kubernetes +Synced +1 /m);
  expect(JSON.parse(await show('registries', '-o', 'json'))).toMatchObject([{ id: 'Kubernetes' }, { id: 'External' }]);
  await expect(show('proxy-status', 'nobody')).rejects.toMatchObject({
    code: 1,
    stderr: `no proxy nobody is connected to ${server.http}\n`,
  });
});

it('counts a change from the file to the proxy', async () => {
  connect();
  await until(async () => expect(totalOf(await scrape(), 'coxswain_proxies')).toBe(1));
  const before = await scrape();
  await writeFile(join(folder, 'other.yaml'), service.replaceAll('web', 'other').replace('10.96.0.7', '10.96.0.8'));
  await until(async () => {
    const metrics = await scrape();
    for (const name of [
      'pilot_services',
      'pilot_inbound_updates',
      'pilot_xds_pushes',
      'coxswain_changes_total',
      'coxswain_recomputed_cells_total',
    ])
      expect([name, totalOf(metrics, name)]).toEqual([name, expect.toSatisfy((value: number) => value > totalOf(before, name))]);
    expect(metrics.get('pilot_proxy_convergence_time')?.samples.get('pilot_proxy_convergence_time_count{}')).toBeGreaterThan(0);
    expect(metrics.get('pilot_proxy_queue_time')?.samples.get('pilot_proxy_queue_time_count{}')).toBeGreaterThan(0);
  });
});

it('logs an issue when it appears, once, with its place', async () => {
  const file = join(folder, 'wrong.yaml');
  await writeFile(file, wrong);
  await until(() => expect(server.log()).toContain('unknown field \\"timout\\"'));
  expect(await (await server.get('/debug/issuesz?text')).text()).toMatch(
    new RegExp(`^${file}:5:\\d+: warning CXS0001 VirtualService/shop/web`),
  );
  await rm(file);
  await until(() => expect(server.log()).toMatch(/solved: [^\n]*unknown field/));
  expect(server.log().match(/"level":"warn"[^\n]*unknown field/g)).toHaveLength(1);
  expect(await (await server.get('/debug/issuesz')).json()).toEqual([]);
});

it('knows its version and what it does not have', async () => {
  expect(await (await server.get('/version')).json()).toMatchObject({
    clientVersion: { version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string },
  });
  expect((await server.get('/debug')).headers.get('content-type')).toContain('text/html');
  expect((await server.get('/nope')).status).toBe(404);
});

it('answers at a second address too, where one is named', async () => {
  const [port = 0] = await freePorts(1);
  const second = await ServeProcess.start(folder, '--monitoring-address', `127.0.0.1:${port}`);
  onTestFinished(() => second.kill());
  for (const path of ['/ready', '/metrics', '/version']) expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(200);
});

it('ends with code 0 on SIGTERM', async () => {
  server.child.kill('SIGTERM');
  expect(await server.ended()).toBe(0);
  await expect(server.get('/ready')).rejects.toThrow();
});

it('ends with standard input where it was told to', async () => {
  const other = await ServeProcess.start(folder, '--exit-with-stdin');
  onTestFinished(() => other.kill());
  expect((await other.get('/ready')).status).toBe(200);
  other.child.stdin.end();
  expect(await other.ended()).toBe(0);
});
