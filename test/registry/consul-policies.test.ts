import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeClock } from '../../src/lib/fake-clock.ts';
import type { WorkloadInstance } from '../../src/registry/workload-instance.ts';
import { type ConsulRegistryFixture, type FixtureOptions, startRegistry } from '../harness/consul-registry.ts';
import { FakeConsul } from '../harness/fake-consul.ts';

const quick = { timeout: 10_000, interval: 5 };

describe('what the registry of a Consul makes of its answers', () => {
  let consul: FakeConsul;
  let fixture: ConsulRegistryFixture;

  beforeEach(async () => {
    consul = await FakeConsul.start();
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

  /** Until both global watches wait in Consul. */
  const isFollowed = () =>
    vi.waitFor(() => {
      for (const path of ['catalog/services', 'health/state/any'])
        expect(consul.requests.some((request) => request.path === path && request.index > 0)).toBe(true);
    }, quick);

  test.each([
    ['empty', ['10.0.0.1:80 UNHEALTHY', '10.0.0.2:80 UNHEALTHY']],
    ['panic', ['10.0.0.1:80 HEALTHY', '10.0.0.2:80 HEALTHY']],
    ['keep', ['10.0.0.1:80 UNHEALTHY', '10.0.0.2:80 HEALTHY']],
  ])('pain 14: all instances unhealthy, policy %s', async (allUnhealthy, expected) => {
    consul.register({ service: 'web', id: 'a', port: 80, status: 'critical' }, { service: 'web', id: 'b', port: 80, address: '10.0.0.2' });
    await start({ allUnhealthy });
    expect(fixture.endpoints('web')).toEqual(['10.0.0.1:80 UNHEALTHY', '10.0.0.2:80 HEALTHY']);
    consul.setStatus('web', 'critical', 'b');
    // Another change behind it shows that this one has arrived, also where it changes nothing.
    consul.register({ service: 'last' });
    await see('last', ['10.0.0.1:8080 HEALTHY']);
    await see('web', expected);
    consul.setStatus('web', 'passing', 'a');
    await see('web', ['10.0.0.1:80 HEALTHY', '10.0.0.2:80 UNHEALTHY']);
  });

  test('a mass deletion is held until a fresh list says so too; what is added comes at once', async () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ service: `s-${i}`, address: `10.0.1.${i}` }));
    consul.register(...many);
    const clock = new FakeClock(1_000_000);
    await start({}, { clock });
    const abandon = consul.restore(consul.index + 1);
    consul.register({ service: 'new' });
    abandon();
    await see('new', ['10.0.0.1:8080 HEALTHY']);
    expect(fixture.endpoints('s-7')).toEqual(['10.0.1.7:8080 HEALTHY']);
    expect(fixture.log.join('')).toContain('lost 40 of 40 instances at once');
    await vi.waitFor(() => {
      clock.advance(1000);
      expect(fixture.endpoints('s-7')).toBeUndefined();
    }, quick);
    expect(fixture.endpoints('new')).toEqual(['10.0.0.1:8080 HEALTHY']);
  });

  test('pain 22: instances that Consul has lost are kept for a while, and each that comes back is like any other', async () => {
    consul.register(
      { service: 'web', id: 'a' },
      { service: 'web', id: 'b', address: '10.0.0.2' },
      { service: 'lost', address: '10.0.0.3' },
    );
    const clock = new FakeClock(1_000_000);
    await start({ graceAfterOutage: '60s' }, { clock });
    await isFollowed();
    const abandon = consul.restore(5);
    consul.register({ service: 'new' });
    abandon();
    await see('new', ['10.0.0.1:8080 HEALTHY']);
    expect(fixture.endpoints('web')).toEqual(['10.0.0.1:8080 HEALTHY', '10.0.0.2:8080 HEALTHY']);
    expect(fixture.endpoints('lost')).toEqual(['10.0.0.3:8080 HEALTHY']);
    expect(fixture.registry.status()).toMatchObject({ state: 'Synced', kept: 3 });
    consul.register({ service: 'web', id: 'a-again' });
    await vi.waitFor(() => expect(fixture.registry.status().kept).toBe(2), quick);
    expect(fixture.endpoints('web')).toEqual(['10.0.0.1:8080 HEALTHY', '10.0.0.2:8080 HEALTHY']);
    consul.deregister('web', 'a-again');
    await see('web', ['10.0.0.2:8080 HEALTHY']);
    await vi.waitFor(() => {
      clock.advance(1_000);
      expect(fixture.endpoints('web')).toBeUndefined();
    }, quick);
    expect(fixture.endpoints('lost')).toBeUndefined();
    expect([fixture.endpoints('new'), fixture.registry.status().kept]).toEqual([['10.0.0.1:8080 HEALTHY'], 0]);
  });

  test('pain 22: without a grace what Consul has lost is gone', async () => {
    consul.register({ service: 'web' });
    await start();
    await isFollowed();
    const abandon = consul.restore(5);
    consul.register({ service: 'new' });
    abandon();
    await see('new', ['10.0.0.1:8080 HEALTHY']);
    expect(fixture.endpoints('web')).toBeUndefined();
  });

  test('a few deletions are not held', async () => {
    consul.register(...Array.from({ length: 8 }, (_, i) => ({ service: `s-${i}` })));
    await start({}, { clock: new FakeClock(1_000_000) });
    for (let i = 0; i < 8; i++) consul.deregister(`s-${i}`);
    await see('s-7', undefined);
  });

  test('pain 7: a service of a thousand instances', async () => {
    consul.register(...Array.from({ length: 1000 }, (_, i) => ({ service: 'big', id: `big-${i}`, address: `10.1.${i >> 8}.${i & 255}` })));
    await start({ consistency: 'stale' });
    expect(fixture.endpoints('big')).toHaveLength(1000);
    consul.setStatus('big', 'critical', 'big-500');
    await vi.waitFor(() => expect(fixture.endpoints('big')?.filter((text) => text.endsWith('UNHEALTHY'))).toHaveLength(1), quick);
  });

  test('pain 25: nothing is ever written, and nothing is removed before all is known', async () => {
    consul.register({ service: 'web' });
    let left = 3;
    consul.intervene = ({ path }) => (path === 'health/service/web' && left-- > 0 ? { status: 500, body: 'not now' } : undefined);
    await start();
    expect(left).toBeLessThan(1);
    expect(fixture.endpoints('web')).toEqual(['10.0.0.1:8080 HEALTHY']);
    expect(new Set(consul.methods)).toEqual(new Set(['GET']));
  });

  test('pain 33: every endpoint says which registry it came from', async () => {
    consul.register({ service: 'web' });
    await start({}, { id: 'consul-eu' });
    expect(fixture.endpoint('web')?.labels).toMatchObject({ 'registry.mesh/id': 'consul-eu', 'registry.mesh/provider': 'Consul' });
  });

  test('what Consul runs for itself is none of the mesh, gateways and proxies included', async () => {
    consul.register(
      { service: 'web-sidecar-proxy' },
      { service: 'gate', more: { Kind: 'mesh-gateway' } },
      { service: 'app-management' },
      { service: 'app' },
    );
    await start({ hideManagement: true });
    expect([...fixture.registry.services.get().keys()]).toEqual(['consul/app.service.consul', 'consul/app.service.dc1.consul']);
  });

  test('an instance in a known workload has the identity of that, and no identity is made up', async () => {
    consul.register({ service: 'web' }, { service: 'vm', address: '10.0.0.9' });
    const identity = 'spiffe://cluster.local/ns/shop/sa/web';
    await start({}, { workloads: () => new Map([['shop/web', workloadAt('10.0.0.1', identity)]]) });
    expect(fixture.endpoint('web')).toMatchObject({
      serviceAccount: identity,
      tlsMode: 'istio',
      workloadName: 'web-v1',
      labels: { app: 'web' },
    });
    expect(fixture.endpoint('vm')).toMatchObject({ serviceAccount: '', tlsMode: 'disabled', workloadName: 'vm' });
  });

  test('names that collide are both served, and reported', async () => {
    consul.register({ service: 'a_b' }, { service: 'a-b' }, { service: 'portless', port: 0 });
    await start({ datacenterHosts: false });
    const hosts = [...fixture.registry.services.get().values()].map(({ hostname, name }) => [name, hostname] as const);
    expect(hosts).toEqual(
      expect.arrayContaining([
        ['a-b', 'a-b.service.consul'],
        ['a_b', expect.stringMatching(/^a-b-\w{6}\.service\.consul$/)],
      ]),
    );
    expect(fixture.registry.issues.get().map(({ code }) => code)).toEqual(['CXS0201', 'CXS0205']);
  });

  test('datacenter, namespace, partition and the token are said with every request', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-token-'));
    await writeFile(join(directory, 'token'), 'one\n');
    consul.register({ service: 'web' });
    await start({ datacenter: 'dc2', namespace: 'team', partition: 'part', tokenFile: join(directory, 'token') });
    const said = consul.requests.map(({ query, token }) => [query.get('dc'), query.get('ns'), query.get('partition'), token].join(' '));
    expect(new Set(said)).toEqual(new Set(['dc2 team part one']));
    await rm(directory, { recursive: true });
  });

  test('a token that changed in its file is used from then on', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-token-'));
    const tokenFile = join(directory, 'token');
    await writeFile(tokenFile, 'one');
    const clock = new FakeClock(1_000_000);
    consul.register({ service: 'web' });
    await start({ tokenFile }, { clock });
    await writeFile(tokenFile, 'two');
    await vi.waitFor(() => {
      clock.advance(5000);
      consul.wake();
      consul.setStatus('web', 'passing');
      expect(consul.requests.at(-1)?.token).toBe('two');
    }, quick);
    expect(fixture.log.join('')).not.toMatch(/\b(one|two)\b/);
    await rm(directory, { recursive: true });
  });

  test('pain 15: a new configuration that does not work leaves the old one in force, and one that works takes over at once', async () => {
    consul.register({ service: 'web' });
    await start();
    const other = await FakeConsul.start();
    other.register({ service: 'web', address: '10.0.0.7' }, { service: 'more' });
    other.intervene = () => ({ status: 403, body: 'ACL not found' });
    fixture.registry.configure({ consul: { address: other.address, meshNamespace: 'vm' } });
    await vi.waitFor(() => expect(fixture.registry.status().lastError?.message).toContain('the new configuration is not in force'), quick);
    expect(fixture.registry.status()).toMatchObject({ state: 'Synced', address: `http://${consul.address}` });
    consul.setStatus('web', 'critical');
    await see('web', ['10.0.0.1:8080 UNHEALTHY']);
    other.intervene = () => undefined;
    await vi.waitFor(() => expect(fixture.registry.status()).toMatchObject({ state: 'Synced', address: `http://${other.address}` }), quick);
    expect([...fixture.registry.services.get().keys()].filter((key) => !key.includes('dc1'))).toEqual([
      'vm/more.service.consul',
      'vm/web.service.consul',
    ]);
    await vi.waitFor(() => expect(consul.open).toBe(0), quick);
    fixture.stop();
    await other.stop();
  });
});

function workloadAt(address: string, identity: string): WorkloadInstance {
  return {
    workload: {
      source: { kind: 'Pod', namespace: 'shop', name: 'web' },
      name: 'web',
      namespace: 'shop',
      addresses: [address],
      labels: { app: 'web' },
      annotations: {},
      serviceAccount: 'web',
      locality: 'eu/a',
      network: '',
      clusterId: 'Kubernetes',
      nodeName: '',
      workloadName: 'web-v1',
    },
    identity,
    tlsMode: 'istio',
    weight: 1,
    network: '',
    isReady: true,
    isTerminating: false,
    isFinished: false,
    isDnsOnly: false,
  };
}
