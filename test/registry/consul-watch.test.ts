import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeClock } from '../../src/lib/fake-clock.ts';
import { type ConsulRegistryFixture, type FixtureOptions, startRegistry } from '../harness/consul-registry.ts';
import { FakeConsul, type FakeRequest } from '../harness/fake-consul.ts';

const quick = { timeout: 10_000, interval: 5 };

describe('the watch of a Consul', () => {
  let consul: FakeConsul;
  let fixture: ConsulRegistryFixture;

  beforeEach(async () => {
    consul = await FakeConsul.start();
    consul.register({ service: 'web' }, { service: 'db', status: null });
  });

  afterEach(async () => {
    fixture.stop();
    await consul.stop();
  });

  async function start(more: object = {}, options: FixtureOptions = {}): Promise<void> {
    fixture = startRegistry({ address: consul.address, ...more }, options);
    await fixture.started;
  }

  const see = (host: string, endpoints: readonly string[] | undefined) =>
    vi.waitFor(() => expect(fixture.endpoints(host)).toEqual(endpoints), quick);

  test('pain 2: instances, health, maintenance and removals arrive one by one, whatever else changes', async () => {
    await start();
    expect(fixture.endpoints('web')).toEqual(['10.0.0.1:8080 HEALTHY']);
    for (let i = 0; i < 5; i++) {
      consul.register({ service: `new-${i}`, port: 80 + i });
      await see(`new-${i}`, [`10.0.0.1:${80 + i} HEALTHY`]);
      consul.setStatus('web', i % 2 === 0 ? 'critical' : 'passing');
      await see('web', [`10.0.0.1:8080 ${i % 2 === 0 ? 'UNHEALTHY' : 'HEALTHY'}`]);
    }
    consul.deregister('web');
    await see('web', undefined);
  });

  test('pain 1: a change that names its service costs three requests at most, and no socket', async () => {
    await start({ maxWatches: 0 });
    await parkedAgain();
    const sockets = consul.accepted;
    for (let i = 0; i < 20; i++) {
      const before = consul.requests.length;
      if (i % 2 === 0) consul.register({ service: `new-${i}` });
      else consul.setStatus('web', i % 4 === 1 ? 'critical' : 'passing');
      if (i % 2 === 0) await see(`new-${i}`, ['10.0.0.1:8080 HEALTHY']);
      else await see('web', [`10.0.0.1:8080 ${i % 4 === 1 ? 'UNHEALTHY' : 'HEALTHY'}`]);
      await parkedAgain();
      expect(consul.requests.length - before).toBeLessThanOrEqual(3);
    }
    expect(consul.accepted - sockets).toBeLessThanOrEqual(1);
  });

  /** Both lists are being waited for at their newest index. */
  async function parkedAgain(): Promise<void> {
    await vi.waitFor(() => {
      for (const path of ['catalog/services', 'health/state/any']) {
        expect(consul.requests.findLast((request) => request.path === path)?.index).toBe(consul.newestIndexOf(path));
      }
    }, quick);
  }

  test('registrations in place are found, with and without a check', async () => {
    await start({ maxWatches: 0 });
    consul.register({ service: 'web', port: 9090 });
    await see('web', ['10.0.0.1:9090 HEALTHY']);
    consul.register({ service: 'db', status: null, meta: { version: 'v2' } });
    await vi.waitFor(() => expect(fixture.endpoint('db')?.labels['version']).toBe('v2'), quick);
  });

  test('services without checks are watched by themselves, within the budget', async () => {
    consul.register({ service: 'cache', status: null });
    await start({ maxWatches: 1 });
    await vi.waitFor(() => expect(consul.requests.filter(watchesOne).map(({ path }) => path)).toEqual(['health/service/cache']), quick);
    const before = consul.count('health/service/db');
    consul.register({ service: 'cache', status: null, port: 1 });
    await see('cache', ['10.0.0.1:1 HEALTHY']);
    expect(consul.count('health/service/db')).toBe(before);
  });

  test('pain 5 and 29: what means nothing to the mesh changes nothing', async () => {
    await start();
    const before = { ...fixture.changes };
    consul.register({ service: 'web', more: { Proxy: { LocalServicePort: 1 } } });
    consul.register({ service: 'web', more: { EnableTagOverride: true } });
    consul.setStatus('web', 'passing');
    consul.register({ service: 'consul', port: 1 });
    consul.register({ service: 'last' });
    await see('last', ['10.0.0.1:8080 HEALTHY']);
    // The new service, and its host with the datacenter.
    expect(fixture.changes).toEqual({ services: before.services + 2, endpoints: before.endpoints + 2 });
  });

  test('pain 28: a flapping endpoint never changes its service', async () => {
    await start();
    const before = fixture.changes.services;
    for (let i = 0; i < 10; i++) {
      consul.setStatus('web', i % 2 === 0 ? 'critical' : 'passing');
      await see('web', [`10.0.0.1:8080 ${i % 2 === 0 ? 'UNHEALTHY' : 'HEALTHY'}`]);
    }
    expect(fixture.changes.services).toBe(before);
  });

  test('pain 21: deregistered and registered again in one breath, the new instance stays', async () => {
    await start();
    consul.deregister('web');
    consul.register({ service: 'web', id: 'web-2', address: '10.0.0.2' });
    await see('web', ['10.0.0.2:8080 HEALTHY']);
  });

  test('pain 8: watches carry no filter', async () => {
    await start();
    expect(consul.requests.filter(({ query }) => query.has('filter') || query.has('cached'))).toEqual([]);
  });

  test('F24, pain 3: an index that goes backwards voids what was known, and nothing is lost', async () => {
    await start();
    await parkedAgain();
    const abandon = consul.restore(5);
    consul.register({ service: 'web', address: '10.0.0.7' }, { service: 'other' });
    abandon();
    await see('web', ['10.0.0.7:8080 HEALTHY']);
    await see('other', ['10.0.0.1:8080 HEALTHY']);
    await see('db', undefined);
  });

  test('pain 3: an index of 0 or none is asked with 1, and still followed', async () => {
    const asked: number[] = [];
    consul.intervene = (request) => {
      if (request.path !== 'catalog/services') return undefined;
      asked.push(request.index);
      return { headers: { 'x-consul-index': asked.length % 2 === 0 ? '0' : 'nonsense' }, body: { consul: [], web: [] } };
    };
    await start({ maxRate: 5 });
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(3), quick);
    expect(new Set(asked)).toEqual(new Set([0, 1]));
    consul.setStatus('web', 'critical');
    await see('web', ['10.0.0.1:8080 UNHEALTHY']);
  });

  test('F28, pain 4: a query that returns at once is asked at the configured rate', async () => {
    const clock = new FakeClock(1_000_000);
    let index = 1000;
    consul.intervene = ({ path }) =>
      path === 'health/state/any'
        ? { headers: { 'x-consul-index': String(index++) }, body: [{ Node: 'n', CheckID: 'c', Status: 'passing' }] }
        : undefined;
    await start({ maxRate: 4 }, { clock });
    const asked = () => consul.count('health/state/any');
    // The first list, then as many as the bucket holds; time stands still.
    await vi.waitFor(() => expect(clock.nextDelayMs).toBeLessThanOrEqual(250), quick);
    expect(asked()).toBe(1 + 4);
    for (let second = 1; second <= 3; second++) {
      for (let step = 0; step < 4; step++) {
        const before = asked();
        clock.advance(250);
        await vi.waitFor(() => expect(asked()).toBe(before + 1), quick);
      }
      expect(asked()).toBe(1 + 4 + 4 * second);
    }
  });

  test('F25: without a leader the last view stays, marked stale', async () => {
    await start();
    consul.intervene = () => ({ status: 500, body: 'No cluster leader' });
    consul.wake();
    await vi.waitFor(
      () =>
        expect(fixture.registry.status()).toMatchObject({ state: 'Stale', lastError: { message: expect.stringContaining('no leader') } }),
      quick,
    );
    expect(fixture.endpoints('web')).toEqual(['10.0.0.1:8080 HEALTHY']);
    consul.intervene = () => undefined;
    consul.setStatus('web', 'critical');
    await see('web', ['10.0.0.1:8080 UNHEALTHY']);
    expect(fixture.registry.status()).toMatchObject({ state: 'Synced', lagMs: 0 });
    expect(fixture.registry.status().lastError).toBeUndefined();
  });

  test('F25: the answer of a server that knows no leader is ignored', async () => {
    await start({ consistency: 'stale' });
    consul.intervene = ({ path }) =>
      path === 'catalog/services'
        ? { headers: { 'x-consul-index': '900', 'x-consul-knownleader': 'false' }, body: { consul: [] } }
        : undefined;
    consul.wake();
    await vi.waitFor(() => expect(fixture.registry.status().state).toBe('Stale'), quick);
    expect(fixture.endpoints('web')).toEqual(['10.0.0.1:8080 HEALTHY']);
  });

  test('pain 7: stale reads are bounded; what is older is asked of the leader', async () => {
    await start({ consistency: 'stale', maxStale: '100ms' });
    expect(consul.requests.every(({ query }) => query.has('stale'))).toBe(true);
    consul.intervene = ({ path, query }) =>
      path === 'health/service/new' && query.has('stale')
        ? { headers: { 'x-consul-index': '1', 'x-consul-lastcontact': '5000' }, body: [] }
        : undefined;
    consul.register({ service: 'new' });
    await see('new', ['10.0.0.1:8080 HEALTHY']);
    expect(consul.requests.filter(({ path }) => path === 'health/service/new').map(({ query }) => query.has('stale'))).toEqual([
      true,
      false,
    ]);
  });

  test.each([
    ['403', { status: 403, body: 'ACL not found' }, 'ACL token'],
    [
      'a filtered list',
      { headers: { 'x-consul-index': '900', 'x-consul-results-filtered-by-acls': 'true' }, body: {} },
      'ACLs have filtered',
    ],
    ['an empty list without a header', { headers: { 'x-consul-index': '900' }, body: {} }, 'ACLs hide everything'],
  ])('F26: %s keeps what is known, and says so', async (_, reply, message) => {
    await start();
    consul.intervene = ({ path }) => (path === 'catalog/services' ? reply : undefined);
    consul.wake();
    await vi.waitFor(
      () => expect(fixture.registry.status()).toMatchObject({ state: 'Stale', lastError: { message: expect.stringContaining(message) } }),
      quick,
    );
    expect(fixture.endpoints('web')).toEqual(['10.0.0.1:8080 HEALTHY']);
    expect(fixture.endpoints('db')).toEqual(['10.0.0.1:8080 HEALTHY']);
  });

  test('F26: checks and instances that ACLs hide are no truth either', async () => {
    await start();
    consul.intervene = ({ path }) => (path === 'health/service/web' ? { headers: { 'x-consul-index': '900' }, body: [] } : undefined);
    consul.register({ service: 'web', id: 'web-2', address: '10.0.0.2' });
    await vi.waitFor(() => expect(consul.count('health/service/web')).toBeGreaterThan(1), quick);
    expect(fixture.endpoints('web')).toEqual(['10.0.0.1:8080 HEALTHY']);
    consul.intervene = () => undefined;
    await see('web', ['10.0.0.1:8080 HEALTHY', '10.0.0.2:8080 HEALTHY']);
  });

  test('F26: who means to see a part only says so', async () => {
    consul.intervene = ({ path }) =>
      path === 'catalog/services'
        ? { headers: { 'x-consul-index': '900', 'x-consul-results-filtered-by-acls': 'true' }, body: { web: [] } }
        : undefined;
    await start({ acceptFiltered: true, maxRate: 1 });
    expect(fixture.endpoints('web')).toEqual(['10.0.0.1:8080 HEALTHY']);
    expect(fixture.endpoints('db')).toBeUndefined();
  });

  test('pain 6: 429 shrinks the budget of watches and is waited out', async () => {
    consul.register(...Array.from({ length: 9 }, (_, i) => ({ service: `plain-${i}`, status: null })));
    let refused = 0;
    consul.intervene = (request) =>
      watchesOne(request) && consul.requests.filter(watchesOne).length > 6 && ++refused ? { status: 429, body: 'Too many' } : undefined;
    await start({ maxWatches: 10 });
    await vi.waitFor(() => expect(refused).toBeGreaterThan(0), quick);
    expect(fixture.registry.status().state).toBe('Synced');
    consul.setStatus('web', 'critical');
    await see('web', ['10.0.0.1:8080 UNHEALTHY']);
    consul.register({ service: 'plain-8', status: null, port: 1 });
    await see('plain-8', ['10.0.0.1:1 HEALTHY']);
  });

  test.each([
    ['a body that ends in the middle', { headers: { 'x-consul-index': '900' }, body: { consul: [], other: [] }, cutAfter: 9 }],
    ['a body that is no JSON', { headers: { 'x-consul-index': '900', 'content-type': 'application/json' }, body: '{"consul": [' }],
    ['a body of another shape', { headers: { 'x-consul-index': '900' }, body: [] }],
    ['500', { status: 500, body: 'rpc error' }],
  ])('%s is never taken for a list', async (_, reply) => {
    await start();
    let left = 2;
    consul.intervene = ({ path }) => (path === 'catalog/services' && left-- > 0 ? reply : undefined);
    consul.wake();
    await vi.waitFor(() => expect(left).toBeLessThan(1), quick);
    consul.register({ service: 'after' });
    await see('after', ['10.0.0.1:8080 HEALTHY']);
    expect(fixture.endpoints('web')).toEqual(['10.0.0.1:8080 HEALTHY']);
    expect(fixture.changes.services).toBeLessThanOrEqual(6);
  });

  test('a broken connection is followed by a full reading, with the index at 0', async () => {
    await start();
    consul.breakConnections();
    consul.register({ service: 'web', port: 7 });
    await see('web', ['10.0.0.1:7 HEALTHY']);
    expect(consul.requests.filter(({ path, index }) => path === 'catalog/services' && index === 0).length).toBeGreaterThan(1);
  });

  test('pain 9: a Consul that does not answer holds nobody up for longer than the deadline', async () => {
    const clock = new FakeClock(1_000_000);
    consul.intervene = () => ({ status: 500, body: 'not yet' });
    fixture = startRegistry({ address: consul.address }, { clock, readyWithinMs: 30_000 });
    await vi.waitFor(() => expect(fixture.registry.status().lastError).toBeDefined(), quick);
    expect(fixture.registry.hasSynced()).toBe(false);
    clock.advance(30_000);
    await fixture.started;
    expect(fixture.registry.hasSynced()).toBe(true);
    expect(fixture.registry.status()).toMatchObject({ state: 'Syncing', services: 0 });
    expect(fixture.log.join('')).toContain('the mesh goes on without it');
  });

  test('after the end no socket stays open', async () => {
    await start();
    fixture.stop();
    await vi.waitFor(() => expect(consul.open).toBe(0), quick);
  });
});

function watchesOne({ path, index }: FakeRequest): boolean {
  return path.startsWith('health/service/') && index > 0;
}
