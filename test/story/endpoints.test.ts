import { expect, test } from 'vitest';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { TextMesh } from '../harness/text-mesh.ts';

const client = { nodeId: 'sidecar~10.0.0.9~client.pay~pay.svc.cluster.local', metadata: { NAMESPACE: 'pay' } };

function serviceEntry(address: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: web, namespace: shop}
spec:
  hosts: [web.shop.svc.cluster.local]
  addresses: [10.1.1.1]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]
  endpoints:
  - {address: ${address}, labels: {app: web, security.istio.io/tlsMode: istio}}
`;
}

const disabled = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: plain, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, mtls: {mode: DISABLE}}
`;

const cluster = 'outbound|80||web.shop.svc.cluster.local';

test('clients offer mutual TLS to endpoints with a sidecar, until a PeerAuthentication refuses it', async () => {
  const mesh = await TextMesh.create({ config: [serviceEntry('10.2.0.1')] });
  const proxy = mesh.connect(client);
  const tlsMode = () => JSON.stringify(mesh.resources(proxy, 'EDS').get(cluster)).includes('"tlsMode"');
  expect(tlsMode()).toBe(true);
  mesh.texts.apply(disabled);
  expect(tlsMode()).toBe(false);
  mesh.texts.remove({ kind: 'PeerAuthentication', namespace: 'shop', name: 'plain' });
  expect(tlsMode()).toBe(true);
});

test('a moved endpoint changes one assignment and nothing else', async () => {
  const mesh = await TextMesh.create({ config: [serviceEntry('10.2.0.1'), disabled] });
  const proxy = mesh.connect(client);
  const types = ['CDS', 'EDS', 'LDS', 'RDS'] as const;
  for (const type of types) mesh.resources(proxy, type);
  const before = mesh.plane.engine.revision;
  const recomputed = mesh.plane.engine.stats().recomputed;
  mesh.texts.apply(serviceEntry('10.2.0.2'));
  const changed = types.map((type) => [type, [...(proxy.view(typeUrls[type])?.changedSince(before) ?? [])]]);
  expect(Object.fromEntries(changed)).toEqual({ CDS: [], EDS: [cluster], LDS: [], RDS: [] });
  expect(mesh.plane.engine.stats().recomputed - recomputed).toBeLessThan(25);
});

test('a configuration that is applied again changes nothing', async () => {
  const mesh = await TextMesh.create({ config: [serviceEntry('10.2.0.1')] });
  const proxy = mesh.connect(client);
  mesh.resources(proxy, 'EDS');
  const before = mesh.plane.engine.revision;
  mesh.texts.apply(serviceEntry('10.2.0.1'));
  expect(mesh.plane.engine.revision).toBe(before);
});
