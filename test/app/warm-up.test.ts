import { expect, test } from 'vitest';
import { warmUp } from '../../src/app/warm-up.ts';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { FakeClock } from '../../src/lib/fake-clock.ts';
import { TextMesh } from '../harness/text-mesh.ts';

const services = 200;
const sidecar = {
  nodeId: 'sidecar~10.1.0.1~a.shop~shop.svc.cluster.local',
  metadata: { NAMESPACE: 'shop', CLUSTER_ID: 'Kubernetes', ISTIO_VERSION: '1.30.0' },
};

const entry = (n: number) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: s-${n}, namespace: ns-${n % 5} }
spec:
  hosts: [s-${n}.internal]
  resolution: STATIC
  ports: [{ number: 80, name: http, protocol: HTTP }]
  endpoints: [{ address: 10.0.${n >> 8}.${n & 255} }]
`;

async function meshOf(more: readonly string[] = []): Promise<TextMesh> {
  return TextMesh.create({ config: [[...Array.from({ length: services }, (_, n) => entry(n)), ...more].join('---')] });
}

function prepare({ plane }: TextMesh, clock = new FakeClock()): FakeClock {
  warmUp({ source: plane.source, rootNamespace: 'istio-system', clusterId: 'Kubernetes', clock });
  return clock;
}

/** How much is computed for the first sidecar. */
function costOfFirst(mesh: TextMesh): number {
  const before = mesh.plane.engine.stats().recomputed;
  const proxy = mesh.connect(sidecar, {}, 'delta');
  for (const type of ['CDS', 'EDS', 'LDS', 'RDS', 'VHDS'] as const) proxy.view(typeUrls[type])?.all();
  return mesh.plane.engine.stats().recomputed - before;
}

test('the first sidecar finds made what all of them share', async () => {
  const cold = costOfFirst(await meshOf());
  expect(cold).toBeGreaterThan(services);
  const mesh = await meshOf();
  prepare(mesh);
  expect(costOfFirst(mesh)).toBeLessThan(cold / 5);
});

test('what no proxy uses is forgotten after a minute', async () => {
  const mesh = await meshOf();
  const before = mesh.plane.engine.stats();
  const clock = prepare(mesh);
  expect(mesh.plane.engine.stats().cells).toBeGreaterThan(before.cells);
  clock.advance(60_000);
  await Promise.resolve();
  expect(mesh.plane.engine.stats()).toMatchObject({ cells: before.cells, observers: before.observers });
});

test('a Sidecar for the whole mesh narrows what is made', async () => {
  const narrow = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: istio-system }
spec: { egress: [{ hosts: [ns-1/s-1.internal] }] }
`;
  const [wide, narrowed] = [await meshOf(), await meshOf([narrow])];
  prepare(wide);
  prepare(narrowed);
  expect(narrowed.plane.engine.stats().cells).toBeLessThan(wide.plane.engine.stats().cells / 2);
});
