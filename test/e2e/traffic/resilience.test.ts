import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chiSquare, chiSquareLimit } from '../../harness/chi-square.ts';
import type { Answer } from '../../harness/http-call.ts';
import { bothVersions, destination, destinationRuleOf, serviceAt, virtualServiceOf } from './mesh-objects.ts';
import { type Backends, clientSidecar, SidecarMesh } from './sidecar-mesh.ts';

/** What happens to requests when things go wrong, or change, through a real sidecar. */
describe('a sidecar', () => {
  let mesh: SidecarMesh;

  beforeAll(async () => {
    mesh = await SidecarMesh.start(resilienceObjects);
  });

  afterAll(() => mesh.stop());

  const call = (host: string, path = '/') => mesh.client.call({ ...clientSidecar, host, path });

  test('retries as often as it may', async () => {
    const { odd } = mesh.backends;
    const failures = new Map<string, number>();
    odd.answer = (request, response) => {
      const path = request.url ?? '';
      failures.set(path, (failures.get(path) ?? 0) + 1);
      if ((failures.get(path) ?? 0) < 3) response.writeHead(503).end();
      else odd.echo(request, response);
    };
    const retried = await call('retry.internal', '/twice');
    expect(retried).toMatchObject({ status: 200, echoed: { headers: { 'x-envoy-attempt-count': '3' } } });
    expect((await call('retry.internal', '/once/only')).status).toBe(503);
    expect(failures.get('/once/only')).toBe(2);
    expect((await call('retry.internal', '/never')).status).toBe(503);
    expect(failures.get('/never')).toBe(1);
  });

  test('gives up at the timeout', async () => {
    mesh.backends.shadow.answer = () => {};
    const answer = await call('timeout.internal');
    expect(answer.status).toBe(504);
    expect(answer.elapsedMs).toBeGreaterThanOrEqual(290);
    expect(answer.elapsedMs).toBeLessThan(15_000);
  });

  test('injects faults at the rate that was asked for', async () => {
    expect(await call('fault.internal', '/always')).toMatchObject({ status: 418, backend: '' });
    const tally = await mesh.client.tally({ ...clientSidecar, host: 'fault.internal' }, 2000);
    const counts = ['v1', '503'].map((key) => tally.get(key) ?? 0);
    expect(counts[0]! + counts[1]!).toBe(2000);
    expect(chiSquare(counts, [70, 30])).toBeLessThan(chiSquareLimit[1]);
    const delayed = await call('fault.internal', '/delay');
    expect(delayed).toMatchObject({ status: 200, backend: 'v1' });
    expect(delayed.elapsedMs).toBeGreaterThanOrEqual(290);
  });

  test('ejects an endpoint that keeps failing', async () => {
    const { odd } = mesh.backends;
    odd.answer = (_, response) => response.writeHead(500).end();
    const before = await mesh.client.tally({ ...clientSidecar, host: 'outlier.internal' }, 20);
    expect(before.get('500')).toBeGreaterThanOrEqual(3);
    // Envoy tells its workers of ejections at most once a second (update_merge_window).
    await vi.waitFor(
      async () => expect(await mesh.client.tally({ ...clientSidecar, host: 'outlier.internal' }, 200)).toEqual(new Map([['v1', 200]])),
      { timeout: 10_000, interval: 20 },
    );
    const active = await mesh.traffic.stats('client', 'outlier.internal.*ejections_active$');
    expect([...active.values()]).toEqual([1]);
  });

  test('follows endpoints without losing a request', async () => {
    const { v2 } = mesh.backends;
    const answers = await during('shift.internal', 'v2', () => mesh.traffic.apply(serviceAt('shift.internal', [{ port: v2.port }])));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(answers.at(0)?.backend).toBe('v1');
  });

  test('never routes to a cluster that it does not have yet, or no more', async () => {
    const host = 'subsets.internal';
    const toSubset = await during(host, 'v2', () =>
      mesh.traffic.apply(
        destinationRuleOf(host, { subsets: bothVersions }),
        virtualServiceOf(host, { http: [{ route: [destination(host, 'v2')] }] }),
      ),
    );
    expect(toSubset.filter(({ status }) => status !== 200)).toEqual([]);
    const back = await during(host, 'v1', () =>
      mesh.traffic.apply(
        destinationRuleOf(host, { subsets: bothVersions.slice(0, 1) }),
        virtualServiceOf(host, { http: [{ route: [destination(host, 'v1')] }] }),
      ),
    );
    expect(back.filter(({ status }) => status !== 200)).toEqual([]);
  });

  test('and refuses nothing of what it was sent', async () => {
    expect(await mesh.traffic.refused()).toEqual([]);
  });

  /** Calls a host without a pause while something changes, until `backend` has answered 50 times in a row; returns all answers. */
  async function during(host: string, backend: string, change: () => Promise<void>): Promise<readonly Answer[]> {
    const answers: Answer[] = [await call(host)];
    const changed = change();
    for (let inRow = 0; inRow < 50; ) {
      const answer = await call(host);
      answers.push(answer);
      inRow = answer.backend === backend ? inRow + 1 : 0;
      if (answers.length > 20_000) throw new Error(`${backend} does not get the requests`);
    }
    await changed;
    return answers;
  }
});

function resilienceObjects({ v1, v2, shadow, odd }: Backends): readonly string[] {
  const versions = [
    { port: v1.port, version: 'v1' },
    { port: v2.port, version: 'v2' },
  ];
  const retries = (path: string, attempts: number) => ({
    match: [{ uri: { prefix: path } }],
    retries: { attempts, ...(attempts > 0 && { retryOn: '5xx', backoff: '1ms' }) },
    route: [destination('retry.internal')],
  });
  const noRetries = (host: string) => virtualServiceOf(host, { http: [{ retries: { attempts: 0 }, route: [destination(host)] }] });
  return [
    serviceAt('retry.internal', [{ port: odd.port }]),
    virtualServiceOf('retry.internal', { http: [retries('/twice', 2), retries('/once', 1), retries('/never', 0)] }),
    serviceAt('timeout.internal', [{ port: shadow.port }]),
    virtualServiceOf('timeout.internal', { http: [{ timeout: '0.3s', route: [destination('timeout.internal')] }] }),
    serviceAt('fault.internal', [{ port: v1.port }]),
    virtualServiceOf('fault.internal', {
      http: [
        {
          match: [{ uri: { prefix: '/always' } }],
          fault: { abort: { httpStatus: 418, percentage: { value: 100 } } },
          route: [destination('fault.internal')],
        },
        {
          match: [{ uri: { prefix: '/delay' } }],
          fault: { delay: { fixedDelay: '0.3s', percentage: { value: 100 } } },
          route: [destination('fault.internal')],
        },
        { fault: { abort: { httpStatus: 503, percentage: { value: 30 } } }, route: [destination('fault.internal')] },
      ],
    }),
    serviceAt('outlier.internal', [{ port: v1.port }, { port: odd.port }]),
    noRetries('outlier.internal'),
    destinationRuleOf('outlier.internal', {
      trafficPolicy: {
        loadBalancer: { simple: 'ROUND_ROBIN' },
        outlierDetection: { consecutive5xxErrors: 3, interval: '60s', baseEjectionTime: '60s', maxEjectionPercent: 100 },
      },
    }),
    serviceAt('shift.internal', [{ port: v1.port }]),
    noRetries('shift.internal'),
    serviceAt('subsets.internal', versions),
    noRetries('subsets.internal'),
  ];
}
