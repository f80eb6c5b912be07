import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { chiSquare, chiSquareLimit } from '../harness/chi-square.ts';
import { describeNeeding } from '../harness/servers/requirements.ts';
import { DeployedMesh } from './deployed/deployed-mesh.ts';
import { consulRegistry, host, namespace, registerRoute, registerSubsets, routeToNowhere } from './deployed/register-objects.ts';
import { SteadyTraffic } from './deployed/steady-traffic.ts';

const sample = join(import.meta.dirname, '..', '..', 'deploy', 'samples', 'register');
const lease = 'istio-status-leader';
const requestsPerSecond = 50;
/** Chi-square of a right split is less than this 999 times of 1000. */
const oftenEnough = 10.83;

/**
 * What users deploy, as they deploy it: the generated manifests in a real API server with their own RBAC, pods that run, a
 * gateway with a real Envoy, and one machine that Go-kit registered in Consul. One client asks all the time, and every one
 * of its requests must be answered.
 */
describeNeeding(['kube', 'consul', 'gokit', 'openssl', 'root', 'iproute2', 'util-linux'], 'a deployed mesh', () => {
  let mesh: DeployedMesh;
  let traffic: SteadyTraffic;

  beforeAll(async () => {
    mesh = await DeployedMesh.start();
    await mesh.coxswain('install', '--set', 'profile=demo', '--set', 'values.pilot.env.COXSWAIN_LEASE_DURATION=10s');
    await mesh.cluster.kubectl(['apply', '-n', namespace, '-k', sample]);
    for (const version of ['v1', 'v2']) {
      await mesh.cluster.kubectl(['rollout', 'status', `deployment/register-${version}`, '-n', namespace, '--timeout=120s']);
    }
    const address = await mesh.clusterIp('istio-system', 'istio-ingressgateway');
    const call = { address, port: 80, host: 'register.example.com', path: '/health' };
    await SteadyTraffic.untilAnswered(call);
    traffic = new SteadyTraffic(call, requestsPerSecond);
  });

  afterAll(async () => {
    await traffic?.stop();
    await mesh?.stop();
  });

  /** Applies weights, waits until only those subsets answer, and checks their shares of the next requests. */
  const shift = async (weights: Readonly<Record<string, number>>) => {
    await mesh.cluster.apply(registerRoute(weights));
    const versions = Object.keys(weights).sort();
    const shares = versions.map((version) => weights[version] ?? 0);
    /** Of the answers since `from`: only those subsets, with shares that differ by no more than the limit. */
    const fits = (from: number, limit: number) => {
      const observed = traffic.versions(from);
      expect(Object.keys(observed).sort()).toEqual(versions);
      const counts = versions.map((version) => observed[version] ?? 0);
      expect(chiSquare(counts, shares)).toBeLessThan(limit);
    };
    const applied = traffic.served.length;
    const noticeAfter = 200;
    await vi.waitFor(() => fits(Math.max(applied, traffic.served.length - noticeAfter), oftenEnough), { timeout: 120_000, interval: 20 });
    const from = traffic.served.length;
    const enough = () => traffic.served.length >= from + 400;
    await vi.waitUntil(enough, { timeout: 120_000, interval: 20 });
    fits(from, chiSquareLimit[1]);
  };

  const nothingFailed = () => {
    expect(traffic.failures()).toEqual([]);
    expect(traffic.served.length).toBeGreaterThan(400);
  };

  test('requests follow the weights that kubectl applies', async () => {
    await shift({ v1: 50, v2: 50 });
    await shift({ v2: 100 });
    await shift({ v1: 80, v2: 20 });
    nothingFailed();
  });

  test('what is wrong is refused when it is applied', async () => {
    const refused = mesh.cluster.apply(routeToNowhere());
    await expect(refused).rejects.toThrow(/denied the request: .*must have a route, redirect or directResponse/s);
    nothingFailed();
  });

  test('one Service is in pods and on a machine that Go-kit registered, split by the registry', async () => {
    await mesh.cluster.apply(registerSubsets(), consulRegistry(mesh.consulAddress));
    const machine = await mesh.startVirtualMachine({ version: 'vm', id: 'register-vm', meta: 'protocol=http', drain: '10s' });
    // its first check has to pass before anybody is sent there
    await mesh.untilEndpoint(namespace, host, machine.address.split(':')[0] ?? '');
    await shift({ v1: 50, vm: 50 });
    const before = traffic.served.length;
    await shift({ vm: 100 });
    const instances = traffic.served.slice(before).flatMap(({ version, instance }) => (version === 'vm' ? [instance] : []));
    expect([...new Set(instances)]).toEqual(['register-vm']);
    await shift({ v1: 100 });
    await machine.stop();
    nothingFailed();
  });

  test('F15: the leader is killed in the middle of a shift; routes go on changing, another process leads, no request fails', async () => {
    const leader = await mesh.holder(lease);
    const other = (await mesh.controlPlane()).find((name) => !leader.startsWith(`${name}_`)) ?? '';
    await mesh.cluster.apply(registerRoute({ v1: 50, v2: 50 }));
    mesh.kubelet.signal('istio-system', leader.split('_')[0] ?? '', 'discovery', 'SIGKILL');
    await shift({ v1: 30, v2: 70 });
    await vi.waitFor(async () => expect(await mesh.holder(lease)).not.toBe(leader), 60_000);
    await mesh.cluster.kubectl(['rollout', 'status', 'deployment/istiod', '-n', 'istio-system', '--timeout=120s']);
    // whichever replica the gateway is connected to, it has lost it once by now
    mesh.kubelet.signal('istio-system', other, 'discovery', 'SIGKILL');
    await shift({ v1: 100 });
    nothingFailed();
    await vi.waitFor(async () => expect(await mesh.restarts('istio-system', 'app=istiod')).toEqual([1, 1]), 60_000);
  });

  test('no proxy refused anything, and everything that was installed is uninstalled', async () => {
    expect(await mesh.refusals()).toEqual([]);
    await mesh.coxswain('uninstall', '--purge');
    const left = await mesh.cluster.kubectl(['get', 'deployments,services', '-n', 'istio-system', '-o', 'name']);
    expect(left.trim()).toBe('');
  });
});
