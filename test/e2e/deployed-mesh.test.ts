import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { chiSquare, chiSquareLimit } from '../harness/chi-square.ts';
import { describeNeeding } from '../harness/servers/requirements.ts';
import { DeployedMesh } from './deployed/deployed-mesh.ts';
import { registerApplication, registerMesh, registerRoute } from './deployed/register-objects.ts';
import { SteadyTraffic } from './deployed/steady-traffic.ts';

const lease = 'istio-status-leader';
const profile = ['--set', 'profile=demo', '--set', 'values.pilot.env.COXSWAIN_LEASE_DURATION=6s'];

/**
 * What users deploy, as they deploy it: the generated manifests in a real API server under their own RBAC, pods that run, a
 * gateway with a real Envoy, and one machine that Go-kit registered in Consul. One client asks all the time, and every one
 * of its requests must be answered.
 */
describeNeeding(['kube', 'consul', 'gokit', 'openssl', 'root', 'iproute2', 'util-linux'], 'a deployed mesh', () => {
  let mesh: DeployedMesh;
  let traffic: SteadyTraffic;

  beforeAll(async () => {
    mesh = await DeployedMesh.start();
    await mesh.coxswain('install', ...profile);
    const registries = [{ consul: { address: mesh.consulAddress, meshNamespace: 'service', domain: 'svc.cluster.local' } }];
    await mesh.cluster.apply(...registerApplication(), ...registerMesh(), registerRoute({ v1: 100 }), {
      apiVersion: 'coxswain.io/v1alpha1',
      kind: 'MeshRegistries',
      metadata: { name: 'mesh' },
      spec: { registries },
    });
    for (const version of ['v1', 'v2']) {
      await mesh.cluster.kubectl(['rollout', 'status', `deployment/register-${version}`, '-n', 'service', '--timeout=60s']);
    }
    await mesh.startVirtualMachine({ version: 'vm', id: 'register-vm', meta: 'protocol=http' });
    const address = await mesh.clusterIp('istio-system', 'istio-ingressgateway');
    const call = { address, port: 80, host: 'register.example.com', path: '/health' };
    await vi.waitFor(async () => {
      const probe = new SteadyTraffic(call, 50);
      await vi.waitUntil(() => probe.served.length > 0, 10_000);
      await probe.stop();
      expect(probe.failures()).toEqual([]);
    }, 60_000);
    traffic = new SteadyTraffic(call, 50);
  });

  afterAll(async () => {
    await traffic?.stop();
    await mesh?.stop();
  });

  /** Applies weights, waits until only those subsets answer, and checks their shares over the next requests. */
  const shift = async (weights: Readonly<Record<string, number>>) => {
    await mesh.cluster.apply(registerRoute(weights));
    const expected = Object.keys(weights).sort();
    await vi.waitFor(() => {
      const { served } = traffic;
      expect(Object.keys(traffic.versions(served.length - 40)).sort()).toEqual(expected);
    }, 30_000);
    const from = traffic.served.length;
    const count = expected.length > 1 ? 400 : 100;
    await vi.waitUntil(() => traffic.served.length >= from + count, { timeout: 60_000, interval: 20 });
    const observed = traffic.versions(from);
    expect(Object.keys(observed).sort()).toEqual(expected);
    if (expected.length === 2) {
      const counts = expected.map((version) => observed[version] ?? 0);
      expect(
        chiSquare(
          counts,
          expected.map((version) => weights[version] ?? 0),
        ),
      ).toBeLessThan(chiSquareLimit[1]);
    }
  };

  test('requests follow the weights that are applied', async () => {
    await shift({ v1: 50, v2: 50 });
    await shift({ v2: 100 });
    await shift({ v1: 80, v2: 20 });
    expect(traffic.failures()).toEqual([]);
  });

  test('one Service is reached in pods and on a machine that Go-kit registered, split by where it was registered', async () => {
    await shift({ v1: 50, vm: 50 });
    const before = traffic.served.length;
    await shift({ vm: 100 });
    const instances = new Set(traffic.served.slice(before).flatMap(({ version, instance }) => (version === 'vm' ? [instance] : [])));
    expect([...instances]).toEqual(['register-vm']);
    expect(traffic.failures()).toEqual([]);
  });

  test('the leader is killed in the middle of it: routes go on changing, another one leads, no request fails', async () => {
    const leader = await mesh.leader(lease);
    await mesh.cluster.apply(registerRoute({ v1: 50, v2: 50 }));
    mesh.kubelet.signal('istio-system', leader, 'discovery', 'SIGKILL');
    await shift({ v1: 50, vm: 50 });
    await vi.waitFor(async () => expect(await mesh.leader(lease)).not.toBe(leader), 30_000);
    await shift({ v2: 100 });
    expect(traffic.failures()).toEqual([]);
  });

  test('everything was uninstalled that was installed', async () => {
    await mesh.coxswain('uninstall', '--purge');
    const left = await mesh.cluster.kubectl(['get', 'deployments,services', '-n', 'istio-system', '-o', 'name']);
    expect(left.trim()).toBe('');
  });
});
