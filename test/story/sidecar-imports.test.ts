import { expect, test } from 'vitest';
import { type TypeUrlName, typeUrls } from '../../src/envoy/type-urls.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import { TextMesh } from '../harness/text-mesh.ts';

const recent = { user_agent_build_version: { version: { major_number: 1, minor_number: 40 } } };

function service(i: number): string {
  return `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: s${i}, namespace: shop}
spec:
  hosts: [s${i}.shop.svc.cluster.local]
  addresses: [10.9.0.${i}]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{number: 80, name: http, protocol: HTTP}, {number: 9000, name: tcp, protocol: TCP}]
  endpoints: [{address: 10.2.0.${i}}]
`;
}

function virtualService(i: number, timeout: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: s${i}, namespace: shop}
spec:
  hosts: [s${i}.shop.svc.cluster.local]
  http: [{timeout: ${timeout}, route: [{destination: {host: s${(i % 3) + 1}.shop.svc.cluster.local, port: {number: 80}}}]}]
`;
}

const sidecar = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: pay}
spec: {egress: [{hosts: [./*, shop/*]}]}
`;

const types: readonly TypeUrlName[] = ['CDS', 'EDS', 'LDS', 'RDS', 'VHDS'];

async function payment() {
  const config = [1, 2, 3].flatMap((i) => [service(i), virtualService(i, '1s')]);
  const mesh = await TextMesh.create({ config: [sidecar, ...config] });
  const connect = (ip: string) =>
    mesh.connect(
      { nodeId: `sidecar~${ip}~p.pay~pay.svc.cluster.local`, metadata: { NAMESPACE: 'pay', INSTANCE_IPS: ip } },
      recent,
      'delta',
    );
  const proxies = [connect('10.1.0.1'), connect('10.1.0.2')];
  for (const proxy of proxies) for (const type of types) proxy.view(typeUrls[type])?.all();
  return { mesh, proxies };
}

/** What a stream of each type would be sent after the edit. */
function changedBy(proxy: ProxyViews, edit: () => void): Readonly<Record<string, readonly string[]>> {
  const before = types.map((type) => proxy.view(typeUrls[type])?.revision() ?? 0);
  edit();
  const changed = types.map((type, i) => [type, [...(proxy.view(typeUrls[type])?.changedSince(before[i] ?? 0) ?? [])].sort()] as const);
  return Object.fromEntries(changed.filter(([, names]) => names.length > 0));
}

test('a changed route of an imported namespace is one virtual host', async () => {
  const { mesh, proxies } = await payment();
  const changed = changedBy(proxies[0] as ProxyViews, () => mesh.texts.apply(virtualService(2, '2s')));
  expect(changed).toEqual({ VHDS: ['80/s2.shop.svc.cluster.local:80'] });
});

test('a new service of an imported namespace is its own resources alone', async () => {
  const { mesh, proxies } = await payment();
  const host = 's4.shop.svc.cluster.local';
  const clusters = [`outbound|80||${host}`, `outbound|9000||${host}`];
  expect(changedBy(proxies[0] as ProxyViews, () => mesh.texts.apply(service(4)))).toEqual({
    CDS: clusters,
    EDS: clusters,
    LDS: ['10.9.0.4_9000'],
    VHDS: [`80/${host}:80`],
  });
});

test('workloads of one Sidecar share its listeners', async () => {
  const { proxies } = await payment();
  const [one, other] = proxies.map((proxy) => proxy.view(typeUrls.LDS)?.get('10.9.0.1_9000'));
  expect(one).toBeDefined();
  expect(other).toBe(one);
});
