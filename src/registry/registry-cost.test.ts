import { expect, test } from 'vitest';
import type { EndpointSlice } from '../schema/kubernetes/endpoint-slice.ts';
import type { Pod } from '../schema/kubernetes/pod.ts';
import { put, type RegistryFixture, registryFixture } from './registry-fixture.ts';

const services = 100;

function pod(i: number, isReady = true): Pod {
  const conditions = [{ type: 'Ready', status: isReady ? 'True' : 'False' }];
  return { spec: { nodeName: `n${i % 2}` }, status: { podIP: `10.0.0.${i}`, conditions } };
}

/** A hundred services of one namespace with one pod each, every second by slices, and a hundred ServiceEntries. */
function busyMesh(): RegistryFixture {
  const fixture = registryFixture();
  for (let i = 0; i < services; i++) {
    const ports = [{ port: 80, name: 'http', targetPort: 8080 }];
    put(fixture, 'Service', `s${i}`, { spec: { clusterIP: `10.96.0.${i}`, selector: { app: `s${i}` }, ports } });
    put(fixture, 'Pod', `p${i}`, pod(i), { labels: { app: `s${i}`, tier: 'x' } });
    const ref = { kind: 'Pod', name: `p${i}` };
    const slice: EndpointSlice = {
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080 }],
      endpoints: [{ addresses: [`10.0.0.${i}`], targetRef: ref }],
    };
    if (i % 2 === 0) put(fixture, 'EndpointSlice', `s${i}`, slice, { labels: { 'kubernetes.io/service-name': `s${i}` } });
    const entryPorts = [{ number: 80, name: 'http', protocol: 'HTTP' }];
    put(fixture, 'ServiceEntry', `e${i}`, {
      hosts: [`e${i}.com`],
      resolution: 'STATIC',
      ports: entryPorts,
      workloadSelector: { labels: { app: `s${i}` } },
    });
  }
  for (const node of ['n0', 'n1']) put(fixture, 'Node', node, {}, { labels: { 'topology.kubernetes.io/region': 'r' } });
  const { controller, engine } = fixture;
  for (const map of [controller.services, controller.endpoints, controller.workloads]) engine.observe(map, () => undefined);
  return fixture;
}

interface Cost {
  readonly recomputed: number;
  readonly services: number;
  readonly endpoints: number;
}

function costOf(fixture: RegistryFixture, change: () => void): Cost {
  const { controller, engine } = fixture;
  const read = (): void => void [controller.services.get(), controller.endpoints.get(), controller.workloads.get()];
  read();
  const [revision, before] = [engine.revision, engine.stats().recomputed];
  change();
  read();
  return {
    recomputed: engine.stats().recomputed - before,
    services: controller.services.changedSince(revision)?.size ?? -1,
    endpoints: controller.endpoints.changedSince(revision)?.size ?? -1,
  };
}

const few = 25;

test('a slice changes the endpoints of its service alone', () => {
  const fixture = busyMesh();
  const slice: EndpointSlice = { addressType: 'IPv4', ports: [{ name: 'http', port: 8081 }], endpoints: [{ addresses: ['10.0.0.4'] }] };
  const cost = costOf(fixture, () => put(fixture, 'EndpointSlice', 's4', slice, { labels: { 'kubernetes.io/service-name': 's4' } }));
  expect(cost).toMatchObject({ services: 0, endpoints: 1 });
  expect(cost.recomputed).toBeLessThan(few);
});

test('a pod changes the endpoints of those that select or name it', () => {
  const fixture = busyMesh();
  const labels = { app: 's5', tier: 'x' };
  const flap = costOf(fixture, () => put(fixture, 'Pod', 'p5', pod(5, false), { labels }));
  expect(flap).toMatchObject({ services: 0, endpoints: 2 });
  expect(flap.recomputed).toBeLessThan(few);
  const labelled = costOf(fixture, () => put(fixture, 'Pod', 'p6', pod(6), { labels: { app: 's6', tier: 'y' } }));
  expect(labelled).toMatchObject({ services: 0, endpoints: 2 });
  expect(labelled.recomputed).toBeLessThan(few);
});

test('a heartbeat of a node changes nothing, a move of it what runs there', () => {
  const fixture = busyMesh();
  const labels = { 'topology.kubernetes.io/region': 'r' };
  const beat = costOf(fixture, () => put(fixture, 'Node', 'n0', { status: { addresses: [] } }, { labels }));
  expect(beat).toMatchObject({ services: 0, endpoints: 0 });
  expect(beat.recomputed).toBeLessThan(few);
  const moved = costOf(fixture, () => put(fixture, 'Node', 'n0', {}, { labels: { 'topology.kubernetes.io/region': 'q' } }));
  expect(moved).toMatchObject({ services: 0, endpoints: services });
});

test('a ServiceEntry changes its hosts alone, though it takes an address', () => {
  const fixture = busyMesh();
  const ports = [{ number: 80, name: 'http' }];
  const cost = costOf(fixture, () => put(fixture, 'ServiceEntry', 'new', { hosts: ['new.com'], resolution: 'DNS', ports }));
  expect(cost).toMatchObject({ services: 1, endpoints: 1 });
  expect(cost.recomputed).toBeLessThan(few);
});

test('an unrelated mesh setting recomputes next to nothing', () => {
  const fixture = busyMesh();
  const cost = costOf(fixture, () => fixture.meshConfig.set({ trustDomain: 'cluster.local' }));
  expect(cost.recomputed).toBeLessThan(few);
});
