import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { FakeConsul } from '../../harness/fake-consul.ts';
import { patiently } from '../../harness/oracle/standing-oracle.ts';
import { ChaosProxy } from '../../harness/servers/chaos-proxy.ts';
import { ConsulCluster } from '../../harness/servers/consul-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import { deregister, register } from './consul-services.ts';
import { clusterOf, FaultWorld, trafficPort } from './fault-world.ts';

const reader = 'service_prefix "" { policy = "read" } node_prefix "" { policy = "read" }';

/** What happens to Consul happens while requests flow through a real Envoy and 50 proxies look on (`faults.md`). */
describeNeeding(['consul', 'openssl'], 'faults of Consul', () => {
  const undo: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const each of undo.splice(0).reverse()) await each();
  });

  async function cluster(options: Parameters<typeof ConsulCluster.start>[0] = {}): Promise<ConsulCluster> {
    const started = await ConsulCluster.start(options);
    undo.push(() => started.stop());
    return started;
  }

  async function world(options: Parameters<typeof FaultWorld.start>[0]): Promise<FaultWorld> {
    const started = await FaultWorld.start(options);
    undo.push(() => started.stop());
    return started;
  }

  const stable = (port: number) => ({ name: 'stable', port, meta: { protocol: 'http', 'mesh-port': String(trafficPort) } });

  test('F24: an index that goes backwards after a snapshot was restored', async () => {
    const { server } = await cluster();
    const { oracle, flags } = await world({
      registries: async (port) => {
        await register(server, stable(port));
        await register(server, { name: 'before', port: 80 });
        return [`consul://${server.address}`];
      },
    });
    const snapshot = await (await server.call('snapshot')).arrayBuffer();
    for (let i = 0; i < 5; i++) await register(server, { name: `after-${i}`, port: 80 });
    await oracle.allHold(clusterOf('after-4'));
    const restored = await fetch(`http://${server.address}/v1/snapshot`, { method: 'PUT', body: snapshot });
    expect(restored.ok).toBe(true);
    await oracle.allHold(clusterOf('after-4'), false);
    await oracle.allHold(clusterOf('before'));
    await register(server, { name: 'new', port: 80 });
    await oracle.allHold(clusterOf('new'));
    await oracle.tells(/^coxswain_registry_errors\{/);
    await oracle.check();
    await oracle.converged(flags);
  });

  test('F25: no leader', async () => {
    const { servers, server } = await cluster({ servers: 3 });
    const started = await world({
      registries: async (port) => {
        await register(server, stable(port));
        return [`consul://${server.address}?wait=2s`];
      },
    });
    const { oracle, flags } = started;
    const [, second, third] = servers;
    for (const paused of [second, third]) paused?.process.pause();
    await patiently(async () => expect((await started.report())?.state).toBe('Stale'));
    await oracle.tells(/^coxswain_registry_state\{.*state="Stale"\} 1/);
    await oracle.check();
    for (const paused of [second, third]) paused?.process.resume();
    await patiently(async () => register(server, { name: 'new', port: 80 }));
    await oracle.allHold(clusterOf('new'));
    await started.reports('Synced');
    await oracle.check();
    await oracle.converged(flags);
  });

  test('F26, pain 26: a token that is revoked, one that sees a part only, and a good one', async () => {
    const consul = await cluster({ acl: true });
    const { server } = consul;
    const good = await consul.createToken(reader);
    const next = await consul.createToken(reader);
    const poor = await consul.createToken('service_prefix "stab" { policy = "read" }');
    let file = '';
    const started = await world({
      secrets: [good.secret, next.secret, poor.secret],
      registries: async (port, directory) => {
        file = join(directory, 'token');
        await writeFile(file, good.secret);
        await register(server, stable(port));
        await register(server, { name: 'other', port: 80 });
        return [`consul://${server.address}?token-file=${file}&wait=2s`];
      },
    });
    const { oracle, flags } = started;
    await consul.revokeToken(good.accessor);
    await started.reports('Stale', '403');
    await writeFile(file, poor.secret);
    await started.reports('Stale', 'ACLs have filtered');
    await oracle.allHold(clusterOf('other'));
    await oracle.check();
    await writeFile(file, next.secret);
    await started.reports('Synced');
    await register(server, { name: 'new', port: 80 });
    await oracle.allHold(clusterOf('new'));
    await oracle.check();
    await oracle.converged(flags);
  });

  test('F27: a certificate that has expired, and an authority that nobody knows', async () => {
    const consul = await cluster({ tls: 'mutual' });
    const { server, authority } = consul;
    const client = await authority.issue({ name: 'coxswain' });
    const name = { name: 'server.dc1.consul', alternativeNames: ['localhost', '127.0.0.1'] };
    let ca = '';
    const started = await world({
      registries: async (port, directory) => {
        ca = join(directory, 'ca.pem');
        await cp(authority.root.certificate, ca);
        await register(server, stable(port));
        return [`consul+https://${server.httpsAddress}?ca-file=${ca}&cert-file=${client.certificate}&key-file=${client.key}&wait=2s`];
      },
    });
    const { oracle, flags } = started;
    await authority.issue({ ...name, days: -1 });
    await server.process.kill();
    await server.process.start();
    await started.reports('Stale', 'expired');
    await oracle.check();
    await authority.issue(name);
    await server.process.kill();
    await server.process.start();
    await started.reports('Synced');
    await cp(client.certificate, ca);
    await started.reports('Stale', 'health/state/any');
    await oracle.check();
    await cp(authority.root.certificate, ca);
    await started.reports('Synced');
    await register(server, { name: 'new', port: 80 });
    await oracle.allHold(clusterOf('new'));
    await oracle.check();
    await oracle.converged(flags);
  });

  test('F28: a query that returns at once, always', async () => {
    const consul = await FakeConsul.start();
    undo.push(() => consul.stop());
    const started = await world({
      registries: async (port) => {
        consul.register({ ...stable(port), service: 'stable', address: '127.0.0.1', node: 'n' });
        return [`consul://${consul.address}?max-rate=5`];
      },
    });
    const { oracle, flags } = started;
    let index = 10_000;
    consul.intervene = ({ path }) =>
      path === 'catalog/services' ? { headers: { 'x-consul-index': String(index++) }, body: { consul: [], stable: [] } } : undefined;
    consul.wake();
    const from = Date.now();
    const before = consul.requests.length;
    await patiently(() => expect(index).toBeGreaterThan(10_030));
    const seconds = (Date.now() - from) / 1000;
    // Two watches at their rate with one bucket full each, and what the sweeps for changes without a name read.
    expect(consul.requests.length - before).toBeLessThanOrEqual(2 * (5 * seconds + 5) + seconds);
    await oracle.tells(/^coxswain_registry_requests\{registry="consul",/);
    await oracle.check();
    consul.intervene = () => undefined;
    await oracle.converged(flags);
  });

  test('F32: one of two registries is out of reach', async () => {
    const [near, far] = [await cluster(), await cluster({ datacenter: 'dc2' })];
    const network = await ChaosProxy.start({ host: '127.0.0.1', port: Number(far.server.address.split(':')[1]) });
    undo.push(() => network.stop());
    const started = await world({
      registries: async (port) => {
        await register(far.server, stable(port));
        await register(near.server, { name: 'near', port: 80 });
        return [`consul://${near.server.address}?id=near`, `consul://${network.address}?id=far&wait=2s`];
      },
    });
    const { oracle } = started;
    network.stall();
    await started.reports('Stale', 'no answer', 'far');
    await register(near.server, { name: 'new', port: 80 });
    await oracle.allHold(clusterOf('new'));
    await deregister(near.server, 'near');
    await oracle.allHold(clusterOf('near'), false);
    expect((await started.report('near'))?.state).toBe('Synced');
    await oracle.check();
    await deregister(far.server, 'nothing');
    await register(far.server, { name: 'far-new', port: 80 });
    await network.heal();
    await oracle.allHold(clusterOf('far-new'));
    await started.reports('Synced', undefined, 'far');
    await oracle.check();
    await oracle.converged(started.flags);
  });
});
