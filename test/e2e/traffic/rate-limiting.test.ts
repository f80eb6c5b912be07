import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/envoy/protos.ts';
import { formatIssue } from '../../../src/model/issue.ts';
import { EchoServer } from '../../harness/echo-server.ts';
import { HttpClient } from '../../harness/http-call.ts';
import { RateLimitServer } from '../../harness/rate-limit-server.ts';
import { destination, httpPort, meshObject, serviceAt } from './mesh-objects.ts';
import { TrafficMesh } from './traffic-mesh.ts';

const gateway = { address: '127.0.1.83', port: httpPort, host: 'shop.example.com' };
const reviews = { address: '127.0.1.84', port: 18091, host: 'reviews.internal' };
const samples = join(import.meta.dirname, '..', '..', '..', 'deploy', 'samples', 'ratelimit');
const sample = (name: string) => readFileSync(join(samples, `${name}.yaml`), 'utf8');

/** The samples of deploy/samples/ratelimit as they are, but for the address of the service, through real Envoys. */
describe('rate limiting', () => {
  // Renewed with every change: a connection stays with the listener that it was opened at.
  let client = new HttpClient();
  let backend: EchoServer;
  let service: RateLimitServer;
  let traffic: TrafficMesh;
  let global: string;

  beforeAll(async () => {
    backend = await EchoServer.start('one');
    service = await RateLimitServer.start(loadProtos());
    global = sample('global').replace('ratelimit.shop.svc.cluster.local, port_value: 8081', `127.0.0.1, port_value: ${service.port}`);
    expect(global).not.toBe(sample('global'));
    traffic = await TrafficMesh.start(objects(backend.port), [
      { name: 'gateway', type: 'router', address: gateway.address, labels: { istio: 'ingress' } },
      { name: 'reviews', type: 'sidecar', address: reviews.address, labels: { app: 'reviews' } },
    ]);
  });

  beforeEach(() => service.limit({}));

  afterAll(async () => {
    client.close();
    await traffic.stop();
    service.stop();
    await backend.stop();
  });

  /** Status of so many equal calls, one after the other. */
  async function statuses(call: Parameters<HttpClient['call']>[0], count: number): Promise<readonly number[]> {
    const found: number[] = [];
    for (let i = 0; i < count; i++) found.push((await client.call(call)).status);
    return found;
  }

  /** What is opened from now on meets what is in force now. */
  async function apply(text: string): Promise<void> {
    await traffic.apply(text);
    client.close();
    client = new HttpClient();
  }

  async function forget(...names: readonly string[]): Promise<void> {
    for (const name of names) traffic.mesh.texts.remove({ kind: 'EnvoyFilter', namespace: 'shop', name });
    await traffic.discovery.settled();
    client.close();
    client = new HttpClient();
  }

  test('of a workload by itself: for everybody, and fewer for some', async () => {
    expect(await statuses(reviews, 12)).toEqual(Array(12).fill(200));
    await apply(sample('local'));
    const free = { ...reviews, headers: { 'x-plan': 'free' } };
    expect(await statuses(free, 4)).toEqual([200, 200, 429, 429]);
    const refused = await client.call(free);
    expect(refused.headers['x-local-rate-limit']).toBe('true');
    expect(refused.body).toBe('local_rate_limited');
    const others = await statuses({ ...reviews, headers: { 'x-plan': 'gold' } }, 14);
    expect(others.indexOf(429)).toBeGreaterThan(4);
    expect(others.slice(others.indexOf(429))).toEqual(others.slice(others.indexOf(429)).map(() => 429));
    expect([...(await traffic.stats('reviews', 'reviews_limit.*rate_limited')).values()].some((count) => count > 0)).toBe(true);
    expect(await traffic.refused()).toEqual([]);
  });

  test('by changing the EnvoyFilter while it runs', async () => {
    await apply(sample('local').replaceAll('max_tokens: 10, tokens_per_fill: 10', 'max_tokens: 1000, tokens_per_fill: 1000'));
    expect(await statuses(reviews, 20)).toEqual(Array(20).fill(200));
    await apply(sample('local').replaceAll('max_tokens: 10, tokens_per_fill: 10', 'max_tokens: 3, tokens_per_fill: 3'));
    expect(await statuses(reviews, 6)).toEqual([200, 200, 200, 429, 429, 429]);
    await forget('reviews-local-limit');
    expect(await statuses(reviews, 12)).toEqual(Array(12).fill(200));
  });

  test('by a service that all gateways ask, about what the virtual host says', async () => {
    await apply(global);
    service.limit({ 'PATH=/search': 3 });
    const search = { ...gateway, path: '/search', headers: { 'x-user': 'ann' } };
    expect(await statuses(search, 5)).toEqual([200, 200, 200, 429, 429]);
    expect(service.asked[0]).toEqual({ domain: 'shop', descriptors: ['PATH=/search'] });
    const refused = await client.call(search);
    expect(refused.headers).toMatchObject({ 'x-limited-by': 'the-service', 'x-ratelimit-remaining': '0', 'x-envoy-ratelimited': 'true' });
    expect(await statuses({ ...search, path: '/other' }, 2)).toEqual([200, 200]);

    service.limit({});
    await client.call({ ...gateway, path: '/a' });
    expect(service.asked[0]?.descriptors).toEqual(['PATH=/a', expect.stringMatching(/^header_match=guest,address=/)]);
    expect(await client.call({ ...gateway, host: 'other.example.com' })).toMatchObject({ status: 200 });
    expect(service.asked).toHaveLength(1);
    expect(await traffic.refused()).toEqual([]);
  });

  test('a bad EnvoyFilter is told of, and leaves everything in force', async () => {
    await apply(global);
    service.limit({ 'PATH=/search': 1 });
    const broken = `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: broken, namespace: shop}
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      match: {context: GATEWAY}
      patch: {operation: ADD, value: {name: late, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors}}}
    - applyTo: CLUSTER
      match: {context: GATEWAY}
      patch: {operation: MERGE, value: {connect_timeout: soon}}
    - applyTo: VIRTUAL_HOST
      match: {context: GATEWAY}
      patch: {operation: MERGE, value: {response_headers_to_add: [{header: {key: x-good, value: 'yes'}}]}}
`;
    await apply(broken);
    const search = { ...gateway, path: '/search' };
    const first = await client.call(search);
    expect([first.status, first.headers['x-good']]).toEqual([200, 'yes']);
    expect(await statuses(search, 1)).toEqual([429]);
    expect(await traffic.refused()).toEqual([]);
    const errors = traffic.mesh.plane.issues.get().filter(({ severity }) => severity === 'error');
    expect(errors.map(formatIssue)).toEqual([
      'error CXS0006 EnvoyFilter/shop/broken spec.configPatches[1].patch.value.connect_timeout: must be a duration such as 1.5s (the patch is not applied; all others are)',
      expect.stringMatching(
        /^error CXS0006 EnvoyFilter\/shop\/broken spec\.configPatches\[0\]: is not applied to .*18080: .* ends the HTTP filters, late cannot come after it$/,
      ),
    ]);
    await forget('broken');
    expect(traffic.mesh.plane.issues.get().filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

function objects(port: number): readonly string[] {
  return [
    serviceAt('one.internal', [{ port }]),
    meshObject('Gateway', 'ingress', {
      selector: { istio: 'ingress' },
      servers: [{ port: { number: httpPort, name: 'http', protocol: 'HTTP' }, bind: gateway.address, hosts: ['*.example.com'] }],
    }),
    ...['shop', 'other'].map((name) =>
      meshObject('VirtualService', name, {
        hosts: [`${name}.example.com`],
        gateways: ['ingress'],
        http: [{ headers: { response: { set: { 'x-route': name } } }, route: [destination('one.internal')] }],
      }),
    ),
    meshObject('Sidecar', 'reviews', {
      workloadSelector: { labels: { app: 'reviews' } },
      ingress: [
        {
          port: { number: reviews.port, protocol: 'HTTP', name: 'http' },
          bind: reviews.address,
          captureMode: 'NONE',
          defaultEndpoint: `127.0.0.1:${port}`,
        },
      ],
      egress: [{ hosts: ['~/*'] }],
    }),
  ];
}
