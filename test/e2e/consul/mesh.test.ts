import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { EchoServer } from '../../harness/echo-server.ts';
import { HttpClient } from '../../harness/http-call.ts';
import { patiently } from '../../harness/oracle/standing-oracle.ts';
import { ConsulCluster } from '../../harness/servers/consul-cluster.ts';
import { GokitProcess } from '../../harness/servers/gokit-process.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import { register } from './consul-services.ts';
import { clusterOf, envoyAddress, FaultWorld, trafficPort } from './fault-world.ts';

const hosts = ['web.service.consul', 'web.service.dc1.consul'];

/** Services of a real Consul behind a real Envoy: routes, subsets, health, Go-kit. */
describeNeeding(['consul', 'gokit', 'openssl'], 'a mesh of Consul', () => {
  const client = new HttpClient();
  let consul: ConsulCluster;
  let world: FaultWorld;
  let backends: readonly EchoServer[];

  beforeAll(async () => {
    consul = await ConsulCluster.start();
    backends = await Promise.all(['v1', 'v2'].map((name) => EchoServer.start(name)));
    world = await FaultWorld.start({
      config: { 'rules.yaml': hosts.flatMap(rulesOf).join('\n---\n'), 'registries.yaml': registries(consul.server.address) },
      registries: async (port) => {
        await register(consul.server, { name: 'stable', port, meta: meta('v1') });
        for (const { name, port: own } of backends) await register(consul.server, { name: 'web', node: name, port: own, meta: meta(name) });
        return [];
      },
    });
  });

  afterAll(async () => {
    client.close();
    await world?.stop();
    await Promise.all((backends ?? []).map((backend) => backend.stop()));
    await consul?.stop();
  });

  afterEach(async () => {
    // where a test failed on its way, the next one finds what it needs
    if (!consul.server.process.isRunning) await consul.server.process.start();
  });

  const meta = (version: string) => ({ version, protocol: 'http', 'mesh-port': String(trafficPort) });
  const call = (host: string, headers: Readonly<Record<string, string>> = {}) =>
    client.call({ address: envoyAddress, port: trafficPort, host, headers });

  async function setStatus(node: string, status: string): Promise<void> {
    const check = { CheckID: 'service:web-1', Name: 'alive', Status: status, ServiceID: 'web-1' };
    await consul.server.json('catalog/register', { method: 'PUT', body: { Node: node, SkipNodeUpdate: true, Check: check } });
  }

  test('pain 30: rules hold for the host of the service, and for the one with the datacenter', async () => {
    for (const host of hosts) {
      await patiently(async () => expect(await call(host, { version: 'v2' })).toMatchObject({ status: 200, backend: 'v2' }));
      expect(await call(host)).toMatchObject({ status: 200, backend: 'v1' });
    }
  });

  test('pain 2: an instance whose check fails gets no more requests, until it passes again', async () => {
    await setStatus('v1', 'critical');
    await patiently(async () => expect((await call('web.service.consul')).status).toBe(503));
    await setStatus('v1', 'passing');
    await patiently(async () => expect(await call('web.service.consul')).toMatchObject({ status: 200, backend: 'v1' }));
    world.oracle.nothingToTell('Consul says itself whose checks fail');
    await world.oracle.check();
  });

  test('what unmodified Go-kit has registered is reached, until it leaves', async () => {
    const flags = {
      registry: 'consul',
      'registry-address': consul.server.address,
      port: '0',
      meta: `protocol=http,mesh-port=${trafficPort}`,
    };
    const gokit = await GokitProcess.start({ flags });
    const path = '/discovery?serviceName=register';
    const ask = () => client.call({ address: envoyAddress, port: trafficPort, host: 'register.service.consul', path });
    await patiently(async () => expect((await ask()).headers['x-register-version']).toBe('v1'));
    await gokit.stop();
    await world.oracle.allHold(clusterOf('register', trafficPort), false);
  });

  test('pain 3: Consul is started again, with another truth', async () => {
    const { server } = consul;
    await server.process.kill();
    await world.reports('Stale', 'catalog/services', 'consul-dc1');
    await server.process.start();
    await register(server, { name: 'after', port: 80 });
    await world.oracle.allHold(clusterOf('after'));
    await world.reports('Synced', undefined, 'consul-dc1');
    await world.oracle.check();
  });

  test('pain 15: a document that changes to a token that is no good leaves everything as it was', async () => {
    const file = join(world.directory, 'registries.yaml');
    await writeFile(file, registries(consul.server.address, { tokenFile: '/nowhere/token' }));
    await patiently(async () =>
      expect((await world.report('consul-dc1'))?.lastError?.message).toContain('the new configuration is not in force'),
    );
    expect(await call('web.service.consul')).toMatchObject({ status: 200, backend: 'v1' });
    await writeFile(file, registries(consul.server.address, { meshNamespace: 'vms' }));
    await patiently(async () => expect((await world.report('consul-dc1'))?.lastError).toBeUndefined());
    await patiently(async () => expect((await (await world.serve.get('/debug/registryz')).text()).includes('"vms"')).toBe(true));
    await rm(file);
    await patiently(async () => expect(await world.report('consul-dc1')).toBeUndefined());
  });
});

function rulesOf(host: string): readonly string[] {
  const name = host.replaceAll('.', '-');
  const subsets = ['v1', 'v2'].map((version) => ({ name: version, labels: { version, 'registry.mesh/provider': 'Consul' } }));
  const to = (subset: string) => [{ destination: { host, subset } }];
  const http = [{ match: [{ headers: { version: { exact: 'v2' } } }], route: to('v2') }, { route: to('v1') }];
  return [object('DestinationRule', name, { host, subsets }), object('VirtualService', name, { hosts: [host], http })];
}

function object(kind: string, name: string, spec: object): string {
  return JSON.stringify({ apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace: 'shop' }, spec });
}

function registries(address: string, more: object = {}): string {
  const spec = { registries: [{ consul: { address, datacenter: 'dc1', ...more } }] };
  return JSON.stringify({ apiVersion: 'coxswain.io/v1alpha1', kind: 'MeshRegistries', metadata: { name: 'mesh' }, spec });
}
