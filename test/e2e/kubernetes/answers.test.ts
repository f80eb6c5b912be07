// What a real API server rarely says, said between it and the control plane, beside live traffic through a real Envoy and 50
// scripted proxies.
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sendStatus, statusOf } from '../../harness/kube/fake-api-server.ts';
import { patiently } from '../../harness/oracle/standing-oracle.ts';
import { ApiInterceptor, type PassedRequest } from '../../harness/servers/api-interceptor.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import { FaultWorld } from './fault-world.ts';
import { clusterName, kubeService, namespaceOf } from './stable-mesh.ts';

const services = '/api/v1/services';
const slices = '/apis/discovery.k8s.io/v1/endpointslices';
const leaseSeconds = 10;
/** Longer than a leader may go without renewing its lease. */
const retryAfterSeconds = 6;

interface Lease {
  readonly spec: { readonly leaseTransitions: number; readonly renewTime: string };
}

interface LiveService {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

describeNeeding(['kube', 'openssl'], 'an API server that says odd things', () => {
  let world: FaultWorld<ApiInterceptor>;

  beforeAll(async () => {
    world = await FaultWorld.start({
      network: (cluster) => ApiInterceptor.start(cluster),
      env: { COXSWAIN_LEASE_DURATION: `${leaseSeconds}s` },
    });
  });
  afterAll(() => world?.stop());
  afterEach(async () => {
    world.network.intercept = undefined;
    await world.oracle.check();
    await world.oracle.converged(world.directFlags);
    expect((await world.serve.get('/ready')).status, 'readiness stays').toBe(200);
  });

  const create = (name: string, address: string) => world.cluster.apply(...kubeService(name, address));
  const remove = (name: string) => world.cluster.kubectl(['delete', 'service,endpointslice', name, '-n', 'shop']);
  const lists = () => world.network.asked(services, 'list').length;
  const live = (name: string) => world.cluster.http.json<LiveService>(`/api/v1/namespaces/shop/services/${name}`);
  const event = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
  const expired = event('ERROR', statusOf(410, 'Expired'));

  test('F04: 410 as an event of a watch, and as a status', async () => {
    const before = lists();
    world.network.say(services, expired);
    await patiently(() => expect(lists()).toBe(before + 1));
    await create('after-event', '10.64.0.1');
    await world.oracle.allHold(clusterName('after-event'));
    let refused = 0;
    world.network.intercept = ({ path, isWatch }, response) => {
      if (path !== services || !isWatch || refused > 0) return false;
      refused++;
      sendStatus(response, 410, 'Expired');
      return true;
    };
    world.network.hangUp(services);
    await patiently(() => expect(lists()).toBe(before + 2));
    await remove('after-event');
    await world.oracle.allHold(clusterName('after-event'), false);
    await world.oracle.tells(/^coxswain_kube_watch_errors_total\{kind="Service"\}/);
  });

  test('F05: pages that fail, that expired, that break off', async () => {
    await create('seen-in-f05', '10.64.0.2');
    await world.oracle.allHold(clusterName('seen-in-f05'));
    const faults: readonly ((response: ServerResponse) => void)[] = [
      (response) => sendStatus(response, 500, 'InternalError'),
      (response) => sendStatus(response, 410, 'Expired'),
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' });
        response.write('{"kind":"ServiceList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"na', () => response.destroy());
      },
    ];
    let failed = 0;
    world.network.intercept = ({ path, isWatch, query }, response) => {
      if (path !== services || isWatch) return false;
      // so that there are pages among few objects
      query.set('limit', '7');
      const fault = query.has('continue') ? faults[failed] : undefined;
      if (!fault) return false;
      failed++;
      fault(response);
      return true;
    };
    world.network.say(services, expired);
    await remove('seen-in-f05');
    await world.oracle.allHold(clusterName('seen-in-f05'), false);
    expect(failed).toBe(faults.length);
    await world.oracle.tells(/^coxswain_kube_watch_errors_total\{kind="Service"\}/);
  });

  test('F06: an old cache that knows of nothing is not believed; a list that lacks most is obeyed, and counted', async () => {
    const told = new Set<string>();
    world.network.intercept = ({ path, isWatch }, response) => {
      if (path !== services && path !== slices) return false;
      if (isWatch) response.end();
      else {
        told.add(path);
        response.end(JSON.stringify({ kind: 'List', metadata: { resourceVersion: '7' }, items: [] }));
      }
      return true;
    };
    world.network.hangUp();
    await patiently(() => expect(told.size).toBe(2));
    await world.oracle.tells(/^coxswain_kube_watch_state\{kind="Service",state="Waiting"\} 1/);
    await create('after-f06', '10.64.0.3');
    world.network.intercept = undefined;
    await world.oracle.allHold(clusterName('after-f06'));

    await world.cluster.apply(namespaceOf('crowd'));
    const crowd = '/api/v1/namespaces/crowd/services';
    const body = (n: number) => ({ metadata: { name: `one-${n}` }, spec: { ports: [{ name: 'http', port: 80 }] } });
    for (let n = 0; n < 30; n++) await world.cluster.http.json(crowd, { method: 'POST', body: body(n) });
    await world.oracle.allHold(clusterName('one-29', 'crowd'));
    const held: ServerResponse[] = [];
    world.network.intercept = ({ path, isWatch }, response) => path === services && isWatch && held.push(response) > 0;
    world.network.hangUp(services);
    await patiently(() => expect(held).toHaveLength(1));
    await world.cluster.http.json(crowd, { method: 'DELETE' });
    world.network.intercept = undefined;
    for (const response of held) sendStatus(response, 410, 'Expired');
    await world.oracle.tells(/^coxswain_kube_list_shrinks_total\{kind="Service"\}/);
    await world.oracle.allHold(clusterName('one-29', 'crowd'), false);
  });

  test('F07: an overloaded server is left alone as long as it asks for, while the leader keeps its lease', async () => {
    const lease = async () => {
      const path = '/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/istio-status-leader';
      return (await world.cluster.http.json<Lease>(path)).spec;
    };
    const before = await lease();
    let refusedAt = 0;
    const isReading = ({ path }: PassedRequest) => !path.includes('/leases');
    world.network.intercept = (request, response) => {
      if (!isReading(request) || refusedAt > 0) return false;
      refusedAt = request.at;
      sendStatus(response, 429, 'TooManyRequests', { 'retry-after': String(retryAfterSeconds) });
      return true;
    };
    world.network.hangUp();
    await create('after-429', '10.64.0.4');
    await world.oracle.tells(/^coxswain_kube_watch_errors_total\{/);
    await world.oracle.allHold(clusterName('after-429'));
    const reads = world.network.requests.filter((each) => isReading(each) && each.at >= refusedAt);
    const [rush, pauseMs] = beforeLongestPause(reads);
    expect(pauseMs, 'Retry-After is about everything that is read').toBeGreaterThan(retryAfterSeconds * 500);
    expect(Math.max(...countsByPath(rush)), 'and what was under way is not repeated').toBe(1);
    const pausedAt = rush.at(-1)?.at ?? 0;
    const renewals = world.network.requests.filter((each) => !isReading(each) && each.at > pausedAt && each.at < pausedAt + pauseMs);
    expect(renewals.length, 'the lease is renewed meanwhile').toBeGreaterThan(0);

    const renewed = await lease();
    const from = performance.now();
    let answers = 0;
    world.network.intercept = (request, response) => {
      if (!isReading(request)) return false;
      sendStatus(response, answers++ % 2 === 0 ? 503 : 504, 'ServiceUnavailable');
      return true;
    };
    const kinds = new Set(world.network.requests.filter(({ isWatch }) => isWatch).map(({ path }) => path)).size;
    world.network.hangUp();
    await create('after-503', '10.64.0.5');
    // longer than the lease lasts
    await patiently(async () =>
      expect(Date.parse((await lease()).renewTime) - Date.parse(renewed.renewTime)).toBeGreaterThan(leaseSeconds * 1000),
    );
    const perKind = answers / kinds / ((performance.now() - from) / 1000);
    expect(perKind, 'requests for each kind in a second').toBeLessThan(1.5);
    world.network.intercept = undefined;
    await world.oracle.allHold(clusterName('after-503'));
    expect((await lease()).leaseTransitions, 'nobody else has led').toBe(before.leaseTransitions);
  });

  test('F09: events that come twice, late, and of nothing', async () => {
    await create('old', '10.64.0.6');
    await world.oracle.allHold(clusterName('old'));
    const before = await live('old');
    await world.cluster.kubectl(['label', 'service', 'old', '-n', 'shop', 'seen=twice']);
    const after = await live('old');
    const version = Number(after.metadata.resourceVersion);
    const object = (name: string, resourceVersion: number) => ({
      ...before,
      metadata: { ...before.metadata, name, uid: name, resourceVersion: String(resourceVersion) },
    });
    const stable = await live('stable-0');
    const lines = [
      event('MODIFIED', after),
      event('MODIFIED', before),
      event('DELETED', before),
      event('ADDED', after),
      event('ADDED', stable),
      event('DELETED', object('never-there', version)),
      event('ADDED', object('stable-1', 1)),
      event('DELETED', { ...stable, metadata: { ...stable.metadata, resourceVersion: '1' } }),
      event('MODIFIED', after),
    ];
    const heard = () => world.oracle.total('coxswain_kube_watch_events_total', 'coxswain_kube_watch_events_total{kind="Service"}');
    const from = await heard();
    world.network.say(services, lines.join(''));
    await patiently(async () => expect(await heard()).toBeGreaterThanOrEqual(from + lines.length));
    await create('after-f09', '10.64.0.7');
    await world.oracle.allHold(clusterName('after-f09'));
    await world.oracle.allHold(clusterName('never-there'), false);
    await world.oracle.allHold(clusterName('old'));
    world.oracle.nothingToTell('such events change nothing; their number is a metric');
  });
});

/** What was asked before the longest time in which nothing was, and how long that was. */
function beforeLongestPause(requests: readonly PassedRequest[]): readonly [readonly PassedRequest[], number] {
  const pauses = requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? at));
  const longest = Math.max(...pauses);
  return [requests.slice(0, pauses.indexOf(longest) + 1), longest];
}

function countsByPath(requests: readonly PassedRequest[]): readonly number[] {
  return [...Map.groupBy(requests, ({ path }) => path).values()].map((same) => same.length);
}
