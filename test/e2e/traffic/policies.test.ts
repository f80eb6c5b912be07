import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EchoServer } from '../../harness/echo-server.ts';
import { HttpClient } from '../../harness/http-call.ts';
import { destination, destinationRuleOf, httpPort, meshObject, serviceAt, virtualServiceOf } from './mesh-objects.ts';
import { TrafficMesh } from './traffic-mesh.ts';

const sidecar = { address: '127.0.1.61', port: httpPort };
const backendNames = ['near-1', 'near-2', 'far'] as const;

/** What DestinationRules do to requests, through a real sidecar. */
describe('a traffic policy', () => {
  const client = new HttpClient();
  let backends: readonly EchoServer[];
  let traffic: TrafficMesh;

  beforeAll(async () => {
    backends = await Promise.all(backendNames.map((name) => EchoServer.start(name)));
    const proxy = { name: 'client', type: 'sidecar', address: sidecar.address, locality: 'r1/z1' } as const;
    traffic = await TrafficMesh.start(objects(backends.map(({ port }) => port)), [proxy]);
  });

  afterAll(async () => {
    client.close();
    await traffic.stop();
    await Promise.all(backends.map((backend) => backend.stop()));
  });

  test('keeps requests with one header at one endpoint', async () => {
    const chosen = new Map<string, Set<string>>();
    for (let user = 0; user < 40; user++) {
      for (let again = 0; again < 5; again++) {
        const { backend } = await client.call({ ...sidecar, host: 'hash.internal', headers: { 'x-user': `user-${user}` } });
        chosen.set(`user-${user}`, (chosen.get(`user-${user}`) ?? new Set()).add(backend));
      }
    }
    expect([...chosen.values()].filter((set) => set.size !== 1)).toEqual([]);
    expect(new Set([...chosen.values()].flatMap((set) => [...set])).size).toBe(3);
  });

  test('takes turns where it is told to', async () => {
    const tally = await client.tally({ ...sidecar, host: 'turns.internal' }, 300);
    for (const name of backendNames) expect(tally.get(name)).toBeGreaterThanOrEqual(90);
    expect([...tally.values()].reduce((sum, count) => sum + count, 0)).toBe(300);
  });

  test('refuses what goes over the limits of the pool', async () => {
    const near = backends[0]!;
    const waiting: (() => void)[] = [];
    near.answer = (request, response) => waiting.push(() => near.echo(request, response));
    const send = () => client.call({ ...sidecar, host: 'limited.internal' });
    const first = send();
    await vi.waitFor(() => expect(waiting).toHaveLength(1), 10_000);
    // The only connection is taken, one request may wait for it.
    const others = Array.from({ length: 5 }, send);
    await vi.waitFor(async () => {
      const counted = await traffic.stats('client', 'limited.internal.*upstream_rq_pending_overflow$');
      expect(Math.max(...counted.values())).toBe(4);
    }, 10_000);
    near.answer = (request, response) => near.echo(request, response);
    waiting[0]?.();
    const statuses = (await Promise.all([first, ...others])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    expect(statuses.filter((status) => status === 503)).toHaveLength(4);
  });

  test('stays in the own locality, and fails over when that fails', async () => {
    const before = await client.tally({ ...sidecar, host: 'local.internal' }, 60);
    expect([...before.keys()].sort()).toEqual(['near-1', 'near-2']);
    for (const near of backends.slice(0, 2)) near.answer = (_, response) => response.writeHead(500).end();
    // Envoy tells its workers of ejections at most once a second (update_merge_window).
    await vi.waitFor(async () => expect(await client.tally({ ...sidecar, host: 'local.internal' }, 60)).toEqual(new Map([['far', 60]])), {
      timeout: 10_000,
      interval: 20,
    });
    const active = await traffic.stats('client', 'local.internal.*ejections_active$');
    expect([...active.values()]).toEqual([2]);
    for (const near of backends.slice(0, 2)) near.answer = (request, response) => near.echo(request, response);
  });

  test('was refused in no part', async () => {
    expect(await traffic.refused()).toEqual([]);
  });
});

function objects(ports: readonly number[]): readonly string[] {
  const all = ports.map((port) => ({ port }));
  const balanced = (host: string, trafficPolicy: object) => [
    serviceAt(host, all),
    destinationRuleOf(host, { trafficPolicy }),
    virtualServiceOf(host, { http: [{ retries: { attempts: 0 }, route: [destination(host)] }] }),
  ];
  const listener = {
    port: { number: httpPort, protocol: 'HTTP', name: 'http' },
    bind: sidecar.address,
    captureMode: 'NONE',
    hosts: ['./*'],
  };
  return [
    meshObject('Sidecar', 'default', { egress: [listener] }),
    ...balanced('hash.internal', { loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } } }),
    ...balanced('turns.internal', { loadBalancer: { simple: 'ROUND_ROBIN' } }),
    serviceAt('limited.internal', all.slice(0, 1)),
    destinationRuleOf('limited.internal', {
      trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 1 } } },
    }),
    virtualServiceOf('limited.internal', { http: [{ retries: { attempts: 0 }, route: [destination('limited.internal')] }] }),
    meshObject('ServiceEntry', 'local', {
      hosts: ['local.internal'],
      location: 'MESH_EXTERNAL',
      resolution: 'STATIC',
      ports: [{ number: httpPort, name: 'http', protocol: 'HTTP' }],
      endpoints: ports.map((http, index) => ({ address: '127.0.0.1', ports: { http }, locality: index < 2 ? 'r1/z1' : 'r2/z1' })),
    }),
    destinationRuleOf('local.internal', {
      trafficPolicy: { outlierDetection: { consecutive5xxErrors: 2, interval: '60s', baseEjectionTime: '60s', maxEjectionPercent: 100 } },
    }),
    virtualServiceOf('local.internal', { http: [{ retries: { attempts: 0 }, route: [destination('local.internal')] }] }),
  ];
}
