import { describe, expect, it } from 'vitest';
import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import { loadProtos } from '../../envoy/protos.ts';
import type { ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import { testSettings, virtualService } from '../../mesh/routing/routing-fixtures.ts';
import { buildGatewayRouteConfig, type GatewayRouteServer } from './gateway-route-config.ts';
import { routesOf } from './route-fixtures.ts';

const protos = loadProtos();
const server: GatewayRouteServer = { gateway: 'default/gw', port: 80, hosts: ['*'], hasTls: false, httpsRedirect: false };
const to = (host: string) => [{ destination: { host, port: { number: 1 } } }];

function table(
  servers: readonly Partial<GatewayRouteServer>[],
  virtualServices: readonly ResolvedVirtualService[],
  more = {},
): RouteConfiguration {
  const made = new Map<ResolvedVirtualService, ReturnType<typeof routesOf>>();
  const config = buildGatewayRouteConfig({
    routeName: 'http.80',
    role: 'router',
    servers: servers.map((each) => ({ ...server, ...each })),
    virtualServicesOf: (gateway) => virtualServices.filter(({ gateways }) => gateways.includes(gateway)),
    routesOf: (of, { gateway, port }) => {
      const routes = made.get(of) ?? routesOf([], { virtualService: of, listenerPort: port, gateways: new Set([gateway]) });
      made.set(of, routes);
      return routes;
    },
    settings: testSettings,
    ...more,
  });
  expect(protos.check('envoy.config.route.v3.RouteConfiguration', config)).toEqual([]);
  return config;
}
const summary = (config: RouteConfiguration) =>
  (config.virtual_hosts ?? []).map(({ name, domains, routes, require_tls }) =>
    [
      name,
      domains?.join(' '),
      ...(routes ?? []).map((route) => route.route?.cluster?.split('|')[3]),
      ...(require_tls ? [require_tls] : []),
    ].join(' | '),
  );
const bound = (hosts: string[], host: string, match?: string) =>
  virtualService(
    { hosts, gateways: ['gw'], http: [{ ...(match && { match: [{ uri: { prefix: match } }] }), route: to(`${host}.com`) }] },
    { name: host },
  );

describe('buildGatewayRouteConfig', () => {
  it('appends the routes of all VirtualServices of a host, those that take everything last', () => {
    const virtualServices = [
      bound(['x.com'], 'first'),
      bound(['x.com'], 'second', '/a'),
      bound(['x.com'], 'third'),
      bound(['x.com'], 'fourth', '/b'),
    ];
    const config = table([{}], virtualServices);
    expect(summary(config)).toEqual(['x.com:80 | x.com | second.com | fourth.com | first.com | third.com']);
    expect(config).toMatchObject({
      name: 'http.80',
      validate_clusters: { value: false },
      max_direct_response_body_size_bytes: { value: 1_048_576 },
      ignore_port_in_host_matching: true,
    });
  });

  it('hosts are those that server and VirtualService have in common, for the namespace of the VirtualService', () => {
    const virtualServices = [bound(['a.com', '*.org'], 'v', '/')];
    expect(summary(table([{ hosts: ['*.com', 'default/b.org', 'other/c.org'] }], virtualServices))).toEqual([
      'a.com:80 | a.com b.org | v.com',
    ]);
    expect(summary(table([{ hosts: ['other/a.com'] }], virtualServices))).toEqual(['blackhole:80 | *']);
  });

  it('virtual hosts of the very same routes are joined under the most specific host', () => {
    const virtualServices = [bound(['a.com', 'longest.com', '*.com'], 'v'), bound(['z.com'], 'w')];
    expect(summary(table([{}], virtualServices))).toEqual(['longest.com:80 | longest.com a.com *.com | v.com', 'z.com:80 | z.com | w.com']);
  });

  it('httpsRedirect holds for hosts with and without routes', () => {
    const redirecting = { hosts: ['a.com', 'default/B.com'], httpsRedirect: true };
    expect(summary(table([redirecting], [bound(['a.com'], 'v')]))).toEqual(['a.com:80 | a.com | v.com | ALL', 'b.com:80 | b.com | ALL']);
  });

  it('a redirecting host is not joined with one that is not', () => {
    const servers = [{ hosts: ['a.com'], httpsRedirect: true }, { hosts: ['b.com'] }];
    expect(summary(table(servers, [bound(['a.com', 'b.com'], 'v')]))).toEqual([
      'a.com:80 | a.com | v.com | ALL',
      'b.com:80 | b.com | v.com',
    ]);
  });

  it('nothing bound: 404 for everybody', () => {
    const config = table([{ port: 8080 }], []);
    expect(config.virtual_hosts).toEqual([{ name: 'blackhole:8080', domains: ['*'] }]);
  });

  it('a VirtualService without a route here is as good as none', () => {
    const other = virtualService({ hosts: ['x.com'], gateways: ['gw'], http: [{ match: [{ port: 1 }], route: to('v.com') }] });
    expect(summary(table([{}], [other]))).toEqual(['blackhole:80 | *']);
  });

  it('no server: an empty table, as for a listener that drains', () => {
    expect(table([], [])).toEqual({ name: 'http.80', validate_clusters: { value: false } });
  });
});
