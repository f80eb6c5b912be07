import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import type { WeightedDestination } from '../../mesh/routing/l4-route.ts';
import { testSettings } from '../../mesh/routing/routing-fixtures.ts';
import { effectiveRule, service } from '../routes/route-fixtures.ts';
import { buildSingleTcpProxyFilters, buildTcpProxyFilters, type TcpProxyInput } from './tcp-proxy.ts';

const protos = loadProtos();
const db = service('db.default.svc.cluster.local', { 3306: 'TCP' });
const to = (host: string, weight = 0, subset = ''): WeightedDestination => ({ host, subset, weight });
const type = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';

function filters(destinations: readonly WeightedDestination[], more: Partial<TcpProxyInput> = {}) {
  const built = buildTcpProxyFilters({
    destinations,
    virtualService: { name: 'vs', namespace: 'ns' },
    port: { number: 9000, name: 'tcp-a', protocol: 'TCP' },
    findService: (host) => (host === db.hostname ? db : undefined),
    findRule: () => undefined,
    settings: testSettings,
    ...more,
  });
  for (const filter of built) expect(protos.check('envoy.config.listener.v3.Filter', filter)).toEqual([]);
  return built;
}
const configOf = (...args: Parameters<typeof filters>) => filters(...args).at(-1)?.typed_config;

describe('buildTcpProxyFilters', () => {
  it("one destination: statistics bear the cluster's name; the port is the service's only one, else the listener's", () => {
    expect(configOf([to(db.hostname)])).toEqual({
      '@type': type,
      stat_prefix: `outbound|3306||${db.hostname}`,
      cluster: `outbound|3306||${db.hostname}`,
    });
    expect(configOf([to('x.com', 0, 'v1')])).toMatchObject({ cluster: 'outbound|9000|v1|x.com' });
    expect(configOf([{ ...to(db.hostname), port: 1 }])).toMatchObject({ cluster: `outbound|1||${db.hostname}` });
  });

  it("several: statistics bear the VirtualService's name; weight 0 is left out", () => {
    expect(configOf([to('a.com', 20), to('b.com', 0), to('c.com', 80)])).toEqual({
      '@type': type,
      stat_prefix: 'vs.ns',
      weighted_clusters: {
        clusters: [
          { name: 'outbound|9000||a.com', weight: 20 },
          { name: 'outbound|9000||c.com', weight: 80 },
        ],
      },
    });
  });

  it('without any weight the connection has nowhere to go', () => {
    expect(configOf([to('a.com'), to('b.com')])).toMatchObject({ cluster: 'BlackHoleCluster' });
  });

  it('a pattern of the mesh names statistics of known services', () => {
    const settings = { ...testSettings, config: { outboundClusterStatName: '%SERVICE%_%SERVICE_PORT_NAME%_%SERVICE_PORT%' } };
    expect(configOf([to(db.hostname)], { settings })).toMatchObject({ stat_prefix: 'db.default_tcp-a_9000' });
    expect(configOf([to('x.com')], { settings })).toMatchObject({ stat_prefix: 'outbound|9000||x.com' });
  });

  it('takes timeouts from the rule of the first destination, before those of the node', () => {
    const findRule = () =>
      effectiveRule({ trafficPolicy: { connectionPool: { tcp: { idleTimeout: '5s', maxConnectionDuration: '1m' } } } });
    expect(configOf([to(db.hostname)], { findRule, idleTimeout: '9s' })).toMatchObject({
      idle_timeout: { seconds: '5', nanos: 0 },
      max_downstream_connection_duration: { seconds: '60', nanos: 0 },
    });
    expect(configOf([to('x.com')], { findRule, idleTimeout: '9s' })).toMatchObject({ idle_timeout: { seconds: '9', nanos: 0 } });
  });

  it.each([
    ['the rule', '', true],
    ['a subset without balancer', 'plain', true],
    ['a subset with another balancer', 'random', false],
    ['a subset that hashes by header', 'header', false],
    ['a subset of nobody', 'gone', true],
  ])('hashes by source address: %s', (_, subset, hashes) => {
    const findRule = () =>
      effectiveRule({
        trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true } } },
        subsets: [
          { name: 'plain' },
          { name: 'random', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } },
          { name: 'header', trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'x' } } } },
        ],
      });
    const config = configOf([to(db.hostname, 0, subset)], { findRule });
    if (hashes) expect(config).toMatchObject({ hash_policy: [{ source_ip: {} }] });
    else expect(config).not.toHaveProperty('hash_policy');
  });

  it('tunnels as the rule, or the subset alone, says', () => {
    const tunnel = (targetHost: string, protocol: string) => ({ tunnel: { targetHost, targetPort: 443, protocol } });
    const findRule = () =>
      effectiveRule({
        trafficPolicy: tunnel('a.com', 'CONNECT'),
        subsets: [{ name: 's', trafficPolicy: tunnel('b.com', 'POST') }, { name: 't' }],
      });
    expect(configOf([to(db.hostname)], { findRule })).toMatchObject({ tunneling_config: { hostname: 'a.com:443' } });
    expect(configOf([to(db.hostname, 0, 's')], { findRule })).toMatchObject({
      tunneling_config: { hostname: 'b.com:443', use_post: true },
    });
    expect(configOf([to(db.hostname, 0, 't')], { findRule })).not.toHaveProperty('tunneling_config');
    const single = {
      cluster: 'c',
      statPrefix: 'c',
      subset: '',
      rule: findRule(),
      port: { number: 1, name: '', protocol: 'TCP' as const },
      settings: testSettings,
    };
    expect(buildSingleTcpProxyFilters({ ...single, tunnels: false })[0]?.typed_config).not.toHaveProperty('tunneling_config');
  });

  const flags = { ...testSettings.flags, PILOT_ENABLE_REDIS_FILTER: true, PILOT_ENABLE_MYSQL_FILTER: true };
  it.each([
    ['Mongo', ['mongo_proxy', 'tcp_proxy']],
    ['MySQL', ['mysql_proxy', 'tcp_proxy']],
    ['Redis', ['redis_proxy']],
    ['TCP', ['tcp_proxy']],
  ] as const)('%s', (protocol, names) => {
    const built = filters([to('a.com')], { port: { number: 1, name: '', protocol }, settings: { ...testSettings, flags } });
    expect(built.map(({ name }) => name?.replace('envoy.filters.network.', ''))).toEqual(names);
    const off = filters([to('a.com')], { port: { number: 1, name: '', protocol } });
    expect(off).toHaveLength(protocol === 'Mongo' ? 2 : 1);
  });
});
