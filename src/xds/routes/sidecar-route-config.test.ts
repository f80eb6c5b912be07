import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { testSettings, virtualService } from '../../mesh/routing/routing-fixtures.ts';
import { buildCatchAllVirtualHost } from './catch-all-virtual-host.ts';
import { dedupeDomains } from './dedupe-domains.ts';
import { buildDefaultRoutes } from './default-route.ts';
import { service, sidecarScope } from './route-fixtures.ts';
import { parseRouteName } from './route-name.ts';
import { buildSidecarRouteConfig, emptyRouteConfig, type SidecarRouteConfigInput } from './sidecar-route-config.ts';
import { buildSidecarVirtualHost, type SidecarVirtualHostInput } from './sidecar-virtual-host.ts';
import type { VirtualHostEntry } from './virtual-host-entry.ts';

const protos = loadProtos();

function entry(host: string, more: Partial<SidecarVirtualHostInput> = {}, isService = true): VirtualHostEntry {
  const port = more.port ?? 80;
  const built = buildSidecarVirtualHost({
    host,
    port,
    listenerPort: port,
    ...(isService && { service: service(host, { [port]: 'HTTP' }, { addresses: [] }) }),
    routes: buildDefaultRoutes(host, port, undefined, testSettings),
    scope: sidecarScope,
    settings: testSettings,
    ...more,
  });
  if (built === undefined) throw new Error('no virtual host');
  return built;
}

function table(routeName: string, entries: readonly VirtualHostEntry[], more: Partial<SidecarRouteConfigInput> = {}) {
  const config = buildSidecarRouteConfig({ routeName, entries, clientNamespace: 'default', settings: testSettings, ...more });
  expect(protos.check('envoy.config.route.v3.RouteConfiguration', config)).toEqual([]);
  return config;
}
const domains = (config: ReturnType<typeof table>) =>
  Object.fromEntries((config.virtual_hosts ?? []).map((host) => [host.name, host.domains]));

describe('buildSidecarVirtualHost', () => {
  it('a service has all its names, another host only its own', () => {
    expect(entry('foo.com').virtualHost).toMatchObject({
      name: 'foo.com:80',
      domains: ['foo.com', 'foo.com.'],
      include_request_attempt_count: true,
    });
    expect(entry('foo.com', {}, false).virtualHost.domains).toEqual(['foo.com']);
    expect(entry('foo.com', { scope: { ...sidecarScope, role: 'grpc' } }, false).virtualHost.domains).toEqual(['foo.com', 'foo.com:80']);
  });

  it('none without routes', () => {
    const input = { host: 'a.com', port: 80, listenerPort: 80, routes: [], scope: sidecarScope, settings: testSettings };
    expect(buildSidecarVirtualHost(input)).toBeUndefined();
  });

  it('no attempt count where the mesh turns it off', () => {
    const settings = { ...testSettings, config: { defaultConfig: { proxyHeaders: { attemptCount: { disabled: true } } } } };
    expect(entry('foo.com', { settings }).virtualHost.include_request_attempt_count).toBeUndefined();
  });
});

describe('buildSidecarRouteConfig', () => {
  it('sorts virtual hosts by name, the catch-all last, and ignores ports', () => {
    const config = table('80', [entry('zoo.com'), entry('Ant.com'), entry('bee.com')]);
    expect(config).toMatchObject({
      name: '80',
      validate_clusters: { value: false },
      max_direct_response_body_size_bytes: { value: 1_048_576 },
      ignore_port_in_host_matching: true,
    });
    expect(config.virtual_hosts?.map(({ name }) => name)).toEqual(['Ant.com:80', 'bee.com:80', 'zoo.com:80', 'allow_any']);
  });

  it('a sniffed table has the one virtual host of its service, for every host, and no catch-all', () => {
    const entries = [entry('a.default.svc.cluster.local', { port: 8080 }), entry('b.default.svc.cluster.local', { port: 8080 })];
    expect(domains(table('b.default.svc.cluster.local:8080', entries))).toEqual({ 'b.default.svc.cluster.local:8080': ['*'] });
    expect(domains(table('unknown.com:8080', entries))).toEqual({});
  });

  it('http_proxy keeps names without port for port 80 alone', () => {
    const entries = [
      entry('foo.com', { port: 80, listenerPort: 0 }),
      entry('foo.com', { port: 90, listenerPort: 0 }),
      entry('x.com', { port: 90 }, false),
    ];
    expect(domains(table('http_proxy', entries))).toEqual({
      'foo.com:80': ['foo.com', 'foo.com:80', 'foo.com.', 'foo.com.:80'],
      'foo.com:90': ['foo.com:90', 'foo.com.:90'],
      allow_any: ['*'],
    });
    expect(Object.keys(domains(table('7443', entries, { isHttpProxy: true })))).toContain('foo.com:90');
  });

  it('VirtualServices claim domains before plain services, in the order of their precedence', () => {
    const of = (name: string, createdAt: number) => ({ virtualService: virtualService({ hosts: ['foo.com'] }, { name, createdAt }) });
    const routes = (name: string) => ({ routes: [{ name, match: { prefix: '/' }, direct_response: { status: 200 } }] });
    const entries = [
      entry('foo.com'),
      entry('foo.com', { ...of('young', 2), ...routes('young') }),
      entry('foo.com', { ...of('old', 1), ...routes('old') }),
    ];
    for (const order of [entries, [...entries].reverse()]) {
      expect(table('80', order).virtual_hosts?.[0]?.routes?.[0]?.name).toBe('old');
    }
  });
});

describe('dedupeDomains', () => {
  it('the first claim wins, whatever the case; without a domain left the virtual host goes', () => {
    const { virtualHosts, conflicts } = dedupeDomains([
      entry('Foo.com', {}, false),
      entry('foo.com', {}, false),
      entry('foo.com'),
      entry('foo.com'),
    ]);
    expect(virtualHosts.map(({ name, domains }) => [name, domains])).toEqual([['Foo.com:80', ['Foo.com']]]);
    expect(conflicts).toEqual([
      { domain: 'foo.com', loser: 'foo.com:80' },
      { domain: 'foo.com:80', loser: 'foo.com:80' },
      { domain: 'foo.com:80', loser: 'foo.com:80' },
    ]);
  });

  it('a shortened name yields to the service that has it in full, even to a later one', () => {
    const short = entry('web.default.svc.cluster.local');
    const full = entry('web.default', { service: service('web.default', { 80: 'HTTP' }, { provider: 'External', addresses: [] }) });
    const { virtualHosts } = dedupeDomains([short, full]);
    expect(virtualHosts[0]?.domains).not.toContain('web.default');
    expect(virtualHosts[1]?.domains).toEqual(['web.default', 'web.default.']);
  });

  it('hands on a virtual host without conflict as it is', () => {
    const only = entry('foo.com');
    expect(dedupeDomains([only]).virtualHosts[0]).toBe(only.virtualHost);
  });
});

describe('buildCatchAllVirtualHost', () => {
  const forward = (cluster: string) => ({
    route: { cluster, timeout: { seconds: '0', nanos: 0 }, max_grpc_timeout: { seconds: '0', nanos: 0 } },
  });
  it.each([
    ['the policy of the mesh', undefined, 'allow_any', forward('PassthroughCluster')],
    ['a policy without mode', {}, 'block_all', { direct_response: { status: 502 } }],
    ['ALLOW_ANY', { mode: 'ALLOW_ANY' }, 'allow_any', forward('PassthroughCluster')],
    [
      'an egress proxy',
      { mode: 'ALLOW_ANY', egressProxy: { host: 'egress.com', port: { number: 90 }, subset: 's' } },
      'allow_any',
      forward('outbound|90|s|egress.com'),
    ],
    ['REGISTRY_ONLY', { mode: 'REGISTRY_ONLY' }, 'block_all', { direct_response: { status: 502 } }],
    ['ALLOW_ANY_DYNAMIC_DNS', { mode: 'ALLOW_ANY_DYNAMIC_DNS' }, 'allow_any_dynamic_dns', forward('AllowAnyDynamicDNSCluster')],
  ] as const)('%s', (_, policy, name, action) => {
    expect(buildCatchAllVirtualHost(testSettings, policy)).toEqual({
      name,
      domains: ['*'],
      routes: [{ name, match: { prefix: '/' }, ...action }],
      include_request_attempt_count: true,
    });
  });

  it("the mesh's policy where the Sidecar has none", () => {
    const settings = { ...testSettings, config: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' as const } } };
    expect(buildCatchAllVirtualHost(settings).name).toBe('block_all');
  });
});

it.each([
  ['80', { port: 80, host: '', isSniffed: false }],
  ['http_proxy', { port: 0, host: '', isSniffed: false }],
  ['unix:///var/run/x:80', { port: 0, host: '', isSniffed: false }],
  ['a.com:8080', { port: 8080, host: 'a.com', isSniffed: true }],
  ['[2001:db8::1]:8080', { port: 8080, host: '2001:db8::1', isSniffed: true }],
])('route name %s', (name, expected) => {
  expect(parseRouteName(name)).toEqual(expected);
});

it('an unknown table is empty', () => {
  expect(emptyRouteConfig('x')).toEqual({ name: 'x', validate_clusters: { value: false } });
});
