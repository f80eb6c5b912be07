import { describe, expect, it } from 'vitest';
import type { WatchStatus } from '../../src/discovery/connection-status.ts';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { TableRegistry } from '../../src/registry/table-registry.ts';
import { parsePrometheusText } from '../harness/prometheus-text.ts';
import { DebugFixture, webNodeId } from './debug-fixture.ts';

const config = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {team: a}}
spec: {clusterIP: 10.96.0.7, type: ClusterIP, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: http, port: 8080, protocol: TCP}]
endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: shop-api, namespace: shop}
spec: {hosts: [api.example.com], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop, annotations: {a: b}}
spec: {host: web.shop.svc.cluster.local, trafficPolicy: {connectionPool: {tcp: {connectTimeout: 5s}}}}
---
apiVersion: v1
kind: Secret
metadata: {name: tls, namespace: shop}
data: {tls.key: c2VjcmV0}
`;

const watch = (typeUrl: string, over: Partial<WatchStatus> = {}): WatchStatus => ({
  typeUrl,
  sentNonce: 'n2',
  sentVersion: 'v2',
  ackedNonce: 'n1',
  ackedVersion: 'v1',
  lastError: '',
  isWildcard: true,
  names: 0,
  viewKey: 'Cluster-1',
  isDue: false,
  isSynced: false,
  ...over,
});

const fixture = () => DebugFixture.create({ config: [config], meshConfig: 'trustDomain: shop.example\n' });

describe('pages about proxies', () => {
  it('syncz shows what was sent, accepted and refused', async () => {
    const pages = await fixture();
    const watches = [watch(typeUrls.CDS), watch(typeUrls.LDS, { ackedNonce: '', lastError: 'no such filter' })];
    pages.connect(webNodeId, { CLUSTER_ID: 'east', ISTIO_VERSION: '1.28.0' }, { watches });
    expect((await pages.get('/debug/syncz')).json()).toEqual([
      {
        cluster_id: 'east',
        proxy: 'web-1.shop',
        proxy_type: 'sidecar',
        istio_version: '1.28.0',
        cluster_sent: 'n2',
        cluster_acked: 'n1',
        listener_sent: 'n2',
        resources: {
          [typeUrls.CDS]: { sent: 'n2', acked: 'n1' },
          [typeUrls.LDS]: { sent: 'n2', lastError: 'no such filter' },
        },
      },
    ]);
  });

  it('syncz keeps to a namespace, and to an order', async () => {
    const pages = await fixture();
    for (const id of ['b.two', 'a.one', 'a.two']) pages.connect(`sidecar~10.0.0.1~${id}~${id.slice(2)}.svc.cluster.local`);
    const names = async (url: string) => (await pages.get(url)).json<{ proxy: string }[]>().map(({ proxy }) => proxy);
    expect(await names('/debug/syncz')).toEqual(['a.one', 'a.two', 'b.two']);
    expect(await names('/debug/syncz?namespace=two')).toEqual(['a.two', 'b.two']);
  });

  it('connections and adsz tell who is there, and nobody who has left', async () => {
    const pages = await fixture();
    expect((await pages.get('/debug/connections')).json()).toEqual({ totalClients: 0 });
    const handle = pages.connect(webNodeId, { LABELS: { app: 'web' }, NETWORK: 'n1' }, { watches: [watch(typeUrls.EDS, { names: 3 })] });
    const client = { connectionId: 'web-1.shop-c1', connectedAt: '2026-01-02T03:04:05.000Z', address: '10.0.0.1:40000' };
    expect((await pages.get('/debug/connections')).json()).toEqual({ totalClients: 1, clients: [client] });
    expect((await pages.get('/debug/adsz?proxyID=web-1')).json()).toEqual({
      totalClients: 1,
      clients: [
        {
          ...client,
          labels: { app: 'web' },
          metadata: { LABELS: { app: 'web' }, NETWORK: 'n1' },
          locality: { region: 'eu', zone: 'eu-1', sub_zone: '' },
          variant: 'delta',
          requestsReceived: 2,
          responsesSent: 1,
          subscriptions: { [typeUrls.EDS]: { isWildcard: true, names: 3, viewKey: 'Cluster-1', isSynced: false } },
        },
      ],
    });
    expect((await pages.get('/debug/adsz?proxyID=other')).status).toBe(404);
    handle.close();
    expect((await pages.get('/debug/adsz')).json()).toEqual({ totalClients: 0 });
  });

  it('two streams of one node are two connections, and one may leave', async () => {
    const pages = await fixture();
    const first = pages.connect(webNodeId);
    pages.connect(webNodeId);
    expect((await pages.get('/debug/connections')).json()).toMatchObject({ totalClients: 2 });
    first.close();
    pages.connections.shift();
    expect((await pages.get('/debug/connections')).json()).toMatchObject({ totalClients: 1, clients: [{ connectionId: 'web-1.shop-c2' }] });
  });
});

describe('config_dump', () => {
  interface Dump {
    readonly configs: readonly Record<string, unknown>[];
  }
  const section = (dump: Dump, message: string) =>
    dump.configs.find((each) => each['@type'] === `type.googleapis.com/envoy.admin.v3.${message}`);

  it("is a message of Envoy's type, with what the proxy's views hold", async () => {
    const pages = await fixture();
    pages.connect(webNodeId);
    const page = await pages.get('/debug/config_dump?proxyID=web-1.shop');
    const dump = page.json<Dump>();
    expect(dump.configs.map((each) => String(each['@type']).split('.').at(-1))).toEqual([
      'BootstrapConfigDump',
      'ClustersConfigDump',
      'ListenersConfigDump',
      'ScopedRoutesConfigDump',
      'RoutesConfigDump',
      'SecretsConfigDump',
      'EcdsConfigDump',
    ]);
    const clusters = section(dump, 'ClustersConfigDump')?.['dynamicActiveClusters'] as {
      versionInfo: string;
      cluster: Record<string, unknown>;
    }[];
    const web = clusters.find(({ cluster }) => cluster['name'] === 'outbound|80||web.shop.svc.cluster.local');
    expect(web?.cluster).toMatchObject({
      '@type': typeUrls.CDS,
      type: 'EDS',
      connectTimeout: '5s',
      edsClusterConfig: { edsConfig: { ads: {} } },
    });
    expect(web?.versionInfo).not.toBe('');
    expect(section(dump, 'RoutesConfigDump')?.['dynamicRouteConfigs']).toContainEqual(
      expect.objectContaining({ routeConfig: expect.objectContaining({ name: '80' }) as unknown }),
    );
    expect(page.text).not.toContain('c2VjcmV0');
  });

  it('shows virtual hosts that are sent by themselves in their tables, as Envoy does', async () => {
    const pages = await fixture();
    pages.connect(webNodeId, { ISTIO_VERSION: '1.31.0' });
    const { configs } = (await pages.get('/debug/config_dump?proxyID=web-1.shop&types=rds')).json<Dump>();
    const table = configs.find(({ name }) => name === '80') as
      | { vhds?: object; virtualHosts: readonly Record<string, unknown>[] }
      | undefined;
    expect(table?.vhds).toBeDefined();
    expect(table?.virtualHosts.map(({ name }) => name)).toContain('80/web.shop.svc.cluster.local:80');
    expect(table?.virtualHosts.some((host) => '@type' in host)).toBe(false);
  });

  it('fits the descriptors field by field when its names are put back', async () => {
    const pages = await fixture();
    pages.connect(webNodeId);
    const { configs } = (await pages.get('/debug/config_dump?proxyID=web-1.shop&types=cds')).json<Dump>();
    const names = pages.mesh.resources(pages.mesh.connect({ nodeId: webNodeId }), 'CDS');
    expect(configs.map((cluster) => cluster['name'])).toEqual([...names.keys()]);
    for (const { name } of configs) expect(Object.keys(names.get(String(name)) ?? {}).sort()).toEqual(snakeKeys(configs, name));
  });

  it('has endpoints where asked for, alone in edsz', async () => {
    const pages = await fixture();
    pages.connect(webNodeId);
    const dump = (await pages.get('/debug/config_dump?proxyID=web-1&include_eds')).json<Dump>();
    const endpoints = section(dump, 'EndpointsConfigDump')?.['dynamicEndpointConfigs'] as { endpointConfig: { clusterName: string } }[];
    const eds = (await pages.get('/debug/edsz?proxyID=web-1')).json<Dump>().configs;
    expect(eds).toEqual(endpoints.map(({ endpointConfig }) => endpointConfig));
    expect(eds.find((each) => each['clusterName'] === 'outbound|80||web.shop.svc.cluster.local')).toMatchObject({
      '@type': typeUrls.EDS,
      endpoints: [{ lbEndpoints: [{ endpoint: { address: { socketAddress: { address: '10.0.0.1', portValue: 8080 } } } }] }],
    });
  });

  it('wants to know whose', async () => {
    const pages = await fixture();
    expect((await pages.get('/debug/config_dump')).status).toBe(400);
    expect((await pages.get('/debug/edsz?proxyID=web-1')).status).toBe(404);
  });
});

function snakeKeys(configs: readonly Record<string, unknown>[], name: unknown): string[] {
  const keys = Object.keys(configs.find((each) => each['name'] === name) ?? {});
  return keys.map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).sort();
}

describe('pages about the mesh', () => {
  it('registryz has the services as Istio shows them', async () => {
    const pages = await fixture();
    const services = (await pages.get('/debug/registryz')).json<Record<string, unknown>[]>();
    expect(services).toMatchObject([
      { hostname: 'api.example.com', Resolution: 1, MeshExternal: true, Attributes: { ServiceRegistry: 'External' } },
      {
        hostname: 'web.shop.svc.cluster.local',
        ports: [{ name: 'http', port: 80, protocol: 'HTTP' }],
        clusterVIPs: { Addresses: { Kubernetes: ['10.96.0.7'] } },
        defaultAddress: '10.96.0.7',
        Resolution: 0,
        creationTime: '0001-01-01T00:00:00Z',
        Attributes: { Name: 'web', Namespace: 'shop', Labels: { team: 'a' }, ExportTo: { '*': {} }, LabelSelectors: { app: 'web' } },
      },
    ]);
  });

  it('registryz?status has the registries, and where they do not get their way', async () => {
    const pages = await fixture();
    const consul = new TableRegistry(pages.mesh.plane.engine, 'dc1');
    const status = { ...consul.status(), address: '10.0.0.1:8500', state: 'Stale' as const, lagMs: 1500, lastSuccessAt: 0, errors: 2 };
    consul.status = () => ({ ...status, services: 1, endpoints: 1, lastError: { message: 'refused', at: 1000 } });
    consul.put('web.shop.svc.cluster.local', ['10.9.9.9'], { namespace: 'shop', ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }] });
    pages.mesh.plane.registries.add(consul);
    const message = 'port 80 of web.shop.svc.cluster.local is HTTP in Kubernetes/Kubernetes and TCP in Consul/dc1: HTTP counts';
    expect((await pages.get('/debug/registryz?status')).json()).toMatchObject([
      { id: 'Kubernetes', provider: 'Kubernetes', state: 'Synced', services: 1, endpoints: 1, conflicts: [] },
      { id: 'External', provider: 'External', services: 1, conflicts: [] },
      {
        ...{ id: 'dc1', provider: 'Consul', address: '10.0.0.1:8500', state: 'Stale', lagMs: 1500, errors: 2 },
        lastSuccessAt: '1970-01-01T00:00:00.000Z',
        lastError: { message: 'refused', at: '1970-01-01T00:00:01.000Z' },
        conflicts: [{ code: 'CXS0202', message }, { code: 'CXS0204' }],
      },
    ]);
    expect((await pages.get('/debug/issuesz?text')).text).toContain(`warning CXS0202 Service/shop/web ${message}`);
    const samples = parsePrometheusText((await pages.get('/metrics')).text);
    const value = (name: string, labels: string) => samples.get(name)?.samples.get(`${name}{${labels}}`);
    const dc1 = 'registry="dc1",provider="Consul"';
    expect(value('coxswain_registry_lag_seconds', dc1)).toBe(1.5);
    expect(value('coxswain_registry_endpoints', dc1)).toBe(1);
    expect(value('coxswain_registry_errors', dc1)).toBe(2);
    expect(value('coxswain_registry_conflicts', dc1)).toBe(2);
    expect(value('coxswain_registry_last_success_timestamp_seconds', dc1)).toBe(0);
    expect(value('coxswain_registry_state', `${dc1},state="Stale"`)).toBe(1);
    expect(value('coxswain_registry_state', 'registry="Kubernetes",provider="Kubernetes",state="Stale"')).toBe(0);
    expect(value('coxswain_registry_services', 'registry="Kubernetes",provider="Kubernetes"')).toBe(1);
    expect(value('coxswain_registry_health_disagreements', '')).toBe(0);
    pages.mesh.plane.registries.remove('dc1');
    expect((await pages.get('/metrics')).text).not.toContain('registry="dc1"');
  });

  it('endpointShardz tells what a live registry adds to a service', async () => {
    const pages = await fixture();
    const consul = new TableRegistry(pages.mesh.plane.engine, 'dc1');
    consul.put('web.shop.svc.cluster.local', ['10.9.9.9'], { namespace: 'shop' });
    pages.mesh.plane.registries.add(consul);
    const shards = (await pages.get('/debug/endpointShardz')).json<Record<string, Record<string, { Shards: object }>>>();
    expect(Object.keys(shards['web.shop.svc.cluster.local']?.['shop']?.Shards ?? {})).toEqual(['Consul/dc1', 'Kubernetes/Kubernetes']);
  });

  it('endpointShardz and endpointz have the endpoints by host, namespace and shard', async () => {
    const pages = await fixture();
    const page = await pages.get('/debug/endpointShardz');
    expect(page.json()).toMatchObject({
      'api.example.com': { shop: { Shards: {} } },
      'web.shop.svc.cluster.local': {
        shop: {
          Shards: {
            'Kubernetes/Kubernetes': [
              { Addresses: ['10.0.0.1'], EndpointPort: 8080, ServicePortName: 'http', HealthStatus: 1, LbWeight: 1 },
            ],
          },
        },
      },
    });
    expect((await pages.get('/debug/endpointz')).text).toBe(page.text);
  });

  it('configz has configuration, and no secrets', async () => {
    const pages = await fixture();
    const page = await pages.get('/debug/configz');
    expect(page.json()).toEqual([
      {
        kind: 'DestinationRule',
        apiVersion: 'networking.istio.io/v1',
        metadata: { name: 'web', namespace: 'shop', creationTimestamp: null, annotations: { a: 'b' } },
        spec: { host: 'web.shop.svc.cluster.local', trafficPolicy: { connectionPool: { tcp: { connectTimeout: '5s' } } } },
      },
      expect.objectContaining({ kind: 'ServiceEntry' }),
    ]);
    expect(page.text).not.toContain('c2VjcmV0');
  });

  it('mesh has what is in force, defaults and all', async () => {
    const pages = await fixture();
    expect((await pages.get('/debug/networkz')).json()).toEqual([]);
    expect((await pages.get('/debug/clusterz')).json()).toEqual([{ id: 'Kubernetes', syncStatus: 'synced' }]);
    expect((await pages.get('/debug/mesh')).json()).toMatchObject({ trustDomain: 'shop.example', rootNamespace: 'istio-system' });
  });

  it('issuesz names what is wrong, as JSON and as lines', async () => {
    const pages = await DebugFixture.create({ config: [], meshConfig: 'trustDomain: [' });
    expect((await pages.get('/debug/issuesz')).json()).toMatchObject([{ severity: 'error', position: { file: 'mesh.yaml', line: 1 } }]);
    expect((await pages.get('/debug/issuesz?text')).text).toMatch(/^mesh\.yaml:1:\d+: error /);
    expect((await (await fixture()).get('/debug/issuesz')).json()).toEqual([]);
  });
});

describe('the other pages', () => {
  it('indents as Istio does where asked to', async () => {
    const pages = await fixture();
    const { text } = await pages.get('/debug/registryz?pretty');
    expect(text).toBe(JSON.stringify(JSON.parse(text), undefined, 4));
  });

  it('lists every page, under its name and with its help', async () => {
    const pages = await fixture();
    const debug = pages.paths.filter((path) => path.startsWith('/debug/') && path !== '/debug/list');
    expect((await pages.get('/debug/list')).json()).toEqual(debug.map((path) => path.slice('/debug/'.length)).sort());
    const { text } = await pages.get('/debug');
    for (const path of debug) expect(text).toContain(`href="${path}"`);
  });

  it('version is what istioctl reads', async () => {
    const pages = await fixture();
    expect((await pages.get('/version')).json()).toEqual({
      clientVersion: { version: '1.2.3', revision: 'abc', golang_version: 'node v24', status: 'Clean', tag: 'v1.2.3' },
    });
  });

  it('metrics count what is there', async () => {
    const pages = await fixture();
    pages.connect(webNodeId, { ISTIO_VERSION: '1.28.0' });
    const metrics = parsePrometheusText((await pages.get('/metrics')).text);
    const value = (series: string) => metrics.get(series.slice(0, series.indexOf('{')))?.samples.get(series);
    expect(value('pilot_services{}')).toBe(2);
    expect(value('pilot_virt_services{}')).toBe(0);
    expect(value('pilot_xds{version="1.28.0"}')).toBe(1);
    expect(value('coxswain_config_objects{kind="DestinationRule"}')).toBe(1);
    expect(value('coxswain_config_issues{severity="error"}')).toBe(0);
    expect(value('coxswain_recomputed_cells_total{}')).toBeGreaterThan(0);
  });
});
