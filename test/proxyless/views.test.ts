import { describe, expect, test } from 'vitest';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import { type TestProxy, TextMesh } from '../harness/text-mesh.ts';

function client(namespace: string, ip = '10.9.0.1'): TestProxy {
  return {
    nodeId: `sidecar~${ip}~client.${namespace}~${namespace}.svc.cluster.local`,
    metadata: { GENERATOR: 'grpc', NAMESPACE: namespace, INSTANCE_IPS: ip, CLUSTER_ID: 'Kubernetes' },
  };
}

function service(name: string, more = '', ports = '[{name: grpc, port: 7070, targetPort: 7071}]', annotations = '{}'): string {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop, annotations: ${annotations}}
spec: {selector: {app: ${name}}, ports: ${ports}, ${more}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}-1, namespace: shop, labels: {kubernetes.io/service-name: ${name}}}
addressType: IPv4
ports: [{name: grpc, port: 7071}]
endpoints: [{addresses: [10.1.0.1], targetRef: {kind: Pod, namespace: shop, name: ${name}}}]
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {}
status: {phase: Running, podIP: 10.1.0.1, podIPs: [{ip: 10.1.0.1}]}
---
`;
}

const virtualService = (spec: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: echo, namespace: shop}
spec: {hosts: [echo], ${spec}}
`;

const clusterIp = 'clusterIP: 10.0.0.5';
const table = 'outbound|7070||echo.shop.svc.cluster.local';

async function meshOf(...config: readonly string[]): Promise<TextMesh> {
  const mesh = await TextMesh.create({ config });
  expect(mesh.texts.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return mesh;
}

const namesOf = (views: ProxyViews, type: keyof typeof typeUrls) => [...(views.view(typeUrls[type])?.all().keys() ?? [])];
const bytesOf = (views: ProxyViews, type: keyof typeof typeUrls, name: string) => views.view(typeUrls[type])?.get(name);

describe('listeners', () => {
  test('have every name of a service, the bare one for its own namespace alone', async () => {
    const mesh = await meshOf(service('echo', clusterIp));
    const qualified = ['echo.shop.svc.cluster.local:7070', 'echo.shop.svc:7070', 'echo.shop:7070'];
    expect(namesOf(mesh.connect(client('shop')), 'LDS')).toEqual([...qualified, 'echo:7070']);
    expect(namesOf(mesh.connect(client('pay')), 'LDS')).toEqual(qualified);
  });

  test('leave a shortened name to the host that really has it', async () => {
    const real = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: real, namespace: shop}
spec: {hosts: [echo.shop], resolution: STATIC, ports: [{number: 7070, name: grpc, protocol: GRPC}], endpoints: [{address: 10.2.0.1}]}
`;
    const mesh = await meshOf(service('echo', clusterIp), real);
    const listener = mesh.resources(mesh.connect(client('shop')), 'LDS').get('echo.shop:7070');
    expect(JSON.stringify(listener)).toContain('"route_config_name":"outbound|7070||echo.shop"');
  });

  test('are there for the ports that the client itself serves, on any address', async () => {
    const mesh = await meshOf(service('echo', clusterIp));
    const inbound = namesOf(mesh.connect(client('shop', '10.1.0.1')), 'LDS').filter((name) => name.includes('/inbound/'));
    const at = (address: string) => `xds.istio.io/grpc/lds/inbound/${address}:7071`;
    expect(inbound).toEqual(['0.0.0.0', '10.1.0.1', '127.0.0.1', '[::1]', '[::]'].map(at));
  });
});

describe('a server', () => {
  const peerAuthentication = (mode: string) => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: ${mode}}}
`;

  test('takes mutual TLS alone where that is demanded, and plain text otherwise', async () => {
    const mesh = await meshOf(service('echo', clusterIp));
    const views = mesh.connect(client('shop', '10.1.0.1'));
    const listener = () => mesh.resources(views, 'LDS').get('xds.istio.io/grpc/lds/inbound/0.0.0.0:7071');
    expect(listener()).toMatchObject({ filter_chains: [{ name: 'inbound-plaintext' }] });
    expect(JSON.stringify(listener())).not.toContain('transport_socket');
    mesh.texts.apply(peerAuthentication('STRICT'));
    expect(listener()).toMatchObject({
      filter_chains: [{ name: 'inbound-mtls', transport_socket: { typed_config: { require_client_certificate: { value: true } } } }],
    });
    mesh.texts.apply(peerAuthentication('DISABLE'));
    expect(listener()).toMatchObject({ filter_chains: [{ name: 'inbound-plaintext' }] });
  });
});

describe('what clients of several namespaces are served', () => {
  test('is the same bytes', async () => {
    const mesh = await meshOf(service('echo', clusterIp));
    const [one, other] = [mesh.connect(client('shop')), mesh.connect(client('pay'))];
    for (const [type, name] of [
      ['LDS', 'echo.shop:7070'],
      ['RDS', table],
      ['CDS', table],
      ['EDS', table],
    ] as const) {
      expect(bytesOf(one, type, name), type).toBeDefined();
      expect(bytesOf(one, type, name), type).toBe(bytesOf(other, type, name));
    }
  });

  test('differs where a VirtualService is private', async () => {
    const mesh = await meshOf(
      service('echo', clusterIp),
      virtualService('exportTo: ["."], http: [{timeout: 3s, route: [{destination: {host: echo}}]}]'),
    );
    const timeoutIn = (namespace: string) =>
      JSON.stringify(mesh.resources(mesh.connect(client(namespace)), 'RDS').get(table)).includes('max_stream_duration');
    expect([timeoutIn('shop'), timeoutIn('pay')]).toEqual([true, false]);
  });

  test('lacks services that are private elsewhere', async () => {
    const mesh = await meshOf(service('echo', clusterIp, undefined, '{networking.istio.io/exportTo: "."}'));
    for (const type of ['LDS', 'RDS', 'CDS', 'EDS'] as const) {
      expect(namesOf(mesh.connect(client('shop')), type), type).not.toEqual([]);
      expect(namesOf(mesh.connect(client('pay')), type), type).toEqual([]);
    }
  });

  test('is what a Sidecar imports, under bare names too', async () => {
    const sidecar = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: {egress: [{hosts: [./other.shop.svc.cluster.local]}]}
`;
    const mesh = await meshOf(service('echo', clusterIp), service('other', 'clusterIP: 10.0.0.6'), sidecar);
    const views = mesh.connect(client('shop'));
    expect(namesOf(views, 'LDS').filter((name) => name.startsWith('other'))).toContain('other:7070');
    expect(namesOf(views, 'RDS')).toEqual(['outbound|7070||other.shop.svc.cluster.local']);
    for (const type of ['LDS', 'RDS', 'CDS', 'EDS'] as const) expect(namesOf(views, type).join(), type).not.toContain('echo');
  });

  test('has bare names for the part of a service that an egress listener imports', async () => {
    const sidecar = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: {egress: [{port: {number: 7070, name: http, protocol: HTTP}, hosts: [./*]}]}
`;
    const ports = '[{name: grpc, port: 7070}, {name: http, port: 80}]';
    const mesh = await meshOf(service('other', 'clusterIP: 10.0.0.6', ports), sidecar);
    const names = namesOf(mesh.connect(client('shop')), 'LDS').filter((name) => name.startsWith('other'));
    expect(names).toContain('other:7070');
    expect(names.filter((name) => name.endsWith(':80'))).toEqual([]);
  });

  test('keeps the bare names of a service whose sibling changes', async () => {
    const sidecar = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: {egress: [{hosts: [./*]}]}
`;
    const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: echo, namespace: shop}
spec: {hosts: [echo.shop.svc.cluster.local], ports: [{number: 81, name: grpc, protocol: GRPC}], resolution: STATIC}
`;
    const hidden = (ip: string) => service('echo', `clusterIP: ${ip}`, undefined, '{networking.istio.io/exportTo: pay}');
    const mesh = await meshOf(hidden('10.0.0.6'), entry, sidecar);
    const views = mesh.connect(client('shop'));
    expect(namesOf(views, 'LDS')).toContain('echo:81');
    mesh.texts.apply(hidden('10.0.0.7'));
    expect(namesOf(views, 'LDS')).toContain('echo:81');
  });
});

describe('services', () => {
  test('without a cluster IP have endpoints too', async () => {
    const mesh = await meshOf(service('echo', 'clusterIP: None'));
    const assignment = mesh.resources(mesh.connect(client('pay')), 'EDS').get(table);
    expect(assignment).toMatchObject({
      endpoints: [
        { load_balancing_weight: { value: 1 }, lb_endpoints: [{ endpoint: { address: { socket_address: { address: '10.1.0.1' } } } }] },
      ],
    });
  });

  test('are routed one by one: a VirtualService changes one table', async () => {
    const mesh = await meshOf(service('echo', clusterIp), service('other', 'clusterIP: 10.0.0.6'));
    const routes = mesh.connect(client('pay')).view(typeUrls.RDS);
    expect(routes?.all().size).toBe(2);
    const before = routes?.revision() ?? 0;
    mesh.texts.apply(virtualService('http: [{route: [{destination: {host: other}}]}]'));
    expect([...(routes?.changedSince(before) ?? [])]).toEqual([table]);
  });

  test('are told to Envoys in the shapes of Envoys', async () => {
    const mesh = await meshOf(service('echo', clusterIp));
    const { metadata, ...node } = client('shop');
    const envoy = mesh.connect({ ...node, metadata: { ...metadata, GENERATOR: '' } });
    expect(namesOf(envoy, 'RDS')).not.toContain(table);
    expect(namesOf(envoy, 'LDS').join()).not.toContain('echo');
  });
});
