import { describe, expect, it } from 'vitest';
import { virtualServicesForHost } from './l4-route.ts';
import { virtualService } from './routing-fixtures.ts';
import { selectGatewayTcpRoute, selectGatewayTlsRoutes } from './select-gateway-l4-routes.ts';
import { selectTcpRoutes } from './select-tcp-routes.ts';
import { selectTlsRoutes } from './select-tls-routes.ts';
import type { RuleClient } from './source-match.ts';

const client: RuleClient = { namespace: 'default', labels: { app: 'web' }, gateways: new Set(['mesh']), port: 9000 };
const to = (host: string, weight?: number) => ({ destination: { host }, ...(weight !== undefined && { weight }) });
const hostsOf = (routes: readonly { destinations: readonly { host: string }[] }[]) =>
  routes.map(({ destinations }) => destinations.map(({ host }) => host.split('.')[0]).join('+'));

describe('selectTcpRoutes', () => {
  const select = (tcp: Parameters<typeof virtualService>[0]['tcp'], subnets?: string[], at: Partial<RuleClient> = {}) =>
    selectTcpRoutes([virtualService({ hosts: ['db'], ...(tcp && { tcp }) })], { ...client, ...at }, subnets);

  it('a rule without match ends the list', () => {
    const { routes, needsDefault } = select([{ route: [to('a', 80), to('b', 20)] }, { route: [to('c')] }]);
    expect(hostsOf(routes)).toEqual(['a+b']);
    expect(routes[0]?.destinations.map(({ weight }) => weight)).toEqual([80, 20]);
    expect(needsDefault).toBe(false);
  });

  it('subnets leave the rest to later rules and to the service', () => {
    const { routes, needsDefault } = select([
      { match: [{ destinationSubnets: ['10.1.0.0/16'] }, { destinationSubnets: ['10.2.0.0/16'] }], route: [to('a')] },
      { match: [{ destinationSubnets: ['10.3.0.0/16'] }], route: [to('b')] },
    ]);
    expect(routes.map(({ destinationSubnets }) => destinationSubnets)).toEqual([['10.1.0.0/16', '10.2.0.0/16'], ['10.3.0.0/16']]);
    expect(needsDefault).toBe(true);
  });

  it("no default where the user's subnets are the service's own", () => {
    const rule = [{ match: [{ destinationSubnets: ['10.2.0.0/16', '10.1.0.0/16'] }], route: [to('a')] }];
    expect(select(rule, ['10.1.0.0/16', '10.2.0.0/16']).needsDefault).toBe(false);
  });

  it('on a Unix socket subnets mean nothing', () => {
    const rule = [{ match: [{ destinationSubnets: ['10.1.0.0/16'] }], route: [to('a')] }];
    expect(select(rule, [], { port: 0 })).toMatchObject({ routes: [{ destinationSubnets: [] }], needsDefault: false });
  });

  it.each([
    ['port', { port: 1 }],
    ['label', { sourceLabels: { app: 'other' } }],
    ['namespace', { sourceNamespace: 'other' }],
    ['gateway', { gateways: ['gw'] }],
    ['one of gateway and label', { gateways: ['mesh'], sourceLabels: { app: 'other' } }],
  ])('a match of another %s does not apply', (_, match) => {
    expect(select([{ match: [match], route: [to('a')] }])).toEqual({ routes: [], needsDefault: true });
  });

  it('a match of this client applies; rules without destinations are skipped', () => {
    const match = { port: 9000, sourceLabels: { app: 'web' }, sourceNamespace: 'default', gateways: ['mesh'] };
    expect(hostsOf(select([{ route: [] }, { match: [match], route: [to('a')] }]).routes)).toEqual(['a']);
  });
});

describe('selectTlsRoutes', () => {
  it('keeps the subnets of a match for later ones that have none, as Istio does', () => {
    const spec = {
      tls: [
        { match: [{ sniHosts: ['a.com'] }, { sniHosts: ['b.com'], destinationSubnets: ['10.0.0.0/8'] }], route: [to('n')] },
        { match: [{ sniHosts: ['c.com'] }, { sniHosts: ['b.com'] }], route: [to('m')] },
      ],
    };
    const { routes } = selectTlsRoutes([virtualService(spec)], client);
    expect(routes.map(({ sniHosts, destinationSubnets }) => [...sniHosts, ...destinationSubnets])).toEqual([
      ['a.com'],
      ['b.com', '10.0.0.0/8'],
      ['c.com', '10.0.0.0/8'],
    ]);
  });

  it('one route per match; one that Envoy could not tell apart is left out', () => {
    const spec = {
      hosts: ['a.com'],
      tls: [
        { match: [{ sniHosts: ['a.com'], sourceLabels: { app: 'web' } }], route: [to('m')] },
        { match: [{ sniHosts: ['a.com'] }, { sniHosts: ['b.com'], destinationSubnets: ['10.0.0.0/8'] }], route: [to('n')] },
      ],
    };
    const { routes, needsDefault } = selectTlsRoutes([virtualService(spec)], client);
    expect(routes.map(({ sniHosts, destinationSubnets }) => [...sniHosts, ...destinationSubnets])).toEqual([
      ['a.com'],
      ['b.com', '10.0.0.0/8'],
    ]);
    expect(hostsOf(routes)).toEqual(['m', 'n']);
    expect(needsDefault).toBe(false);
  });

  it('falls to the service where nothing applies', () => {
    const spec = { hosts: ['a.com'], tls: [{ match: [{ sniHosts: ['a.com'], port: 1 }], route: [to('m')] }] };
    expect(selectTlsRoutes([virtualService(spec)], client)).toEqual({ routes: [], needsDefault: true });
  });
});

describe('gateway servers', () => {
  const server = { gateway: 'default/gw', port: 443, hosts: ['default/*.com'], isPassthrough: false };

  it('the first TCP rule whose port and gateway fit, of the first VirtualService with a common host', () => {
    const elsewhere = virtualService({ hosts: ['a.org'], tcp: [{ route: [to('x')] }] });
    const foreign = virtualService({ hosts: ['a.com'], tcp: [{ route: [to('y')] }] }, { namespace: 'other' });
    const fitting = virtualService({
      hosts: ['a.com'],
      gateways: ['gw'],
      tcp: [
        { match: [{ port: 1 }], route: [to('p')] },
        { match: [{ gateways: ['other'] }, { gateways: ['gw'], port: 443 }], route: [to('q')] },
      ],
    });
    const route = selectGatewayTcpRoute([elsewhere, foreign, fitting], server);
    expect(route?.destinations[0]?.host).toBe('q.default.svc.cluster.local');
    expect(route?.origin.index).toBe(1);
  });

  it('a terminating server follows the tls block of a TLSRoute, not of a VirtualService', () => {
    const tls = [{ match: [{ sniHosts: ['a.com'] }], route: [to('t.default.svc')] }];
    const annotations = { 'internal.istio.io/parents': 'TLSRoute/t.default' };
    expect(selectGatewayTcpRoute([virtualService({ hosts: ['a.com'], tls })], server)).toBeUndefined();
    const fromRoute = virtualService({ hosts: ['a.com'], tls }, { annotations });
    expect(selectGatewayTcpRoute([fromRoute], server)?.destinations[0]?.host).toBe('t.default.svc');
    expect(selectGatewayTcpRoute([fromRoute], { ...server, isPassthrough: true })).toBeUndefined();
  });

  it('server names that an earlier rule took are refused', () => {
    const of = (name: string) =>
      virtualService({ hosts: ['a.com'], tls: [{ match: [{ sniHosts: ['a.com', `${name}.com`] }], route: [to(name)] }] }, { name });
    expect(hostsOf(selectGatewayTlsRoutes([of('m'), of('n')], server))).toEqual(['m']);
    expect(selectGatewayTlsRoutes([of('m')], server, new Set(['a.com']))).toEqual([]);
  });
});

it('virtualServicesForHost matches wildcards in both directions', () => {
  const [exact, wild, other] = [['a.foo.com'], ['*.foo.com'], ['b.com']].map((hosts) => virtualService({ hosts }));
  expect(virtualServicesForHost('a.foo.com', [exact!, wild!, other!])).toEqual([exact, wild]);
  expect(virtualServicesForHost('*.foo.com', [exact!, wild!, other!])).toEqual([exact, wild]);
});
