/** A proxy that something puts into another scope is sent the difference, on the stream that it has. */
import { expect, onTestFinished, test } from 'vitest';
import { ConnectedProxies } from '../../src/admin/connected-proxies.ts';
import { parseNode } from '../../src/xds/node/parse-node.ts';
import { TextMesh } from '../harness/text-mesh.ts';
import { Contents } from '../incremental/content.ts';
import { serveClients, type Variant } from '../protocol/served-clients.ts';

const services = ['web', 'db'].map(
  (name) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ${name}, namespace: ${name}}
spec: {hosts: [${name}.example.com], location: MESH_INTERNAL, resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{address: 10.2.0.1}]}
`,
);
const sidecar = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: narrow, namespace: shop}
spec: {egress: [{hosts: [web/*]}]}
`;
const nodeId = 'sidecar~10.0.0.1~one.shop~shop.svc.cluster.local';

async function connected(variant: Variant) {
  const mesh = await TextMesh.create({ config: services });
  const proxies = new ConnectedProxies({ source: mesh.plane.source, parseNode });
  const served = await serveClients(proxies);
  onTestFinished(() => served.close());
  const client = served.connect(variant, { nodeId, read: new Contents().read });
  client.acknowledge();
  client.send('CDS');
  await client.settled();
  return { mesh, client, proxies, server: served.server };
}

test.each(['sotw', 'delta'] as const)('a Sidecar that comes and goes (%s)', async (variant) => {
  const { mesh, client } = await connected(variant);
  const db = 'outbound|80||db.example.com';
  expect(client.all.at(-1)?.names).toContain(db);
  mesh.texts.apply(sidecar);
  await client.settled();
  if (variant === 'delta') expect(client.all.at(-1)?.removed).toEqual([db]);
  else expect(client.all.at(-1)?.names).not.toContain(db);
  mesh.texts.remove({ kind: 'Sidecar', namespace: 'shop', name: 'narrow' });
  await client.settled();
  expect(client.all.at(-1)?.names).toContain(db);
});

test.each(['sotw', 'delta'] as const)('looked at, or asking for another type, before the change was pushed (%s)', async (variant) => {
  const { mesh, client, proxies, server } = await connected(variant);
  mesh.texts.apply(sidecar);
  const [seen] = proxies.join(server.connections());
  const view = seen?.handle.view('type.googleapis.com/envoy.config.cluster.v3.Cluster');
  expect([...(view?.all().keys() ?? [])]).not.toContain('outbound|80||db.example.com');
  client.send('LDS');
  await client.settled();
  const clusters = client.all.filter(({ type }) => type === 'CDS');
  if (variant === 'delta') expect(clusters.at(-1)?.removed).toEqual(['outbound|80||db.example.com']);
  else expect(clusters.at(-1)?.names).not.toContain('outbound|80||db.example.com');
});
