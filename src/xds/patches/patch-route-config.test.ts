import { describe, expect, it } from 'vitest';
import { patchedWith } from '../../../test/harness/patched-with.ts';
import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { PatchContext } from './compiled-patch.ts';
import { patchRouteConfig } from './patch-route-config.ts';
import { tableFault } from './resource-faults.ts';

const match = { prefix: '/' };
const table: RouteConfiguration = {
  name: '80',
  virtual_hosts: [
    {
      name: 'a:80',
      domains: ['a', 'a.shop'],
      routes: [
        { name: 'one', match, route: { cluster: 'c' } },
        { name: 'two', match, redirect: {} },
        { name: 'three', match, direct_response: { status: 200 } },
      ],
    },
    { name: 'b:80', domains: ['b'], routes: [{ match, route: { cluster: 'd' } }] },
  ],
};

interface Options {
  readonly of?: RouteConfiguration;
  readonly context?: PatchContext;
  readonly servicePorts?: ReadonlyMap<number, ReadonlySet<number>>;
}

function patch(patches: readonly object[], { of = table, context = 'SIDECAR_OUTBOUND', servicePorts }: Options = {}) {
  const pass = (run: Parameters<typeof patchRouteConfig>[1]) => patchRouteConfig(of, { ...run, ...(servicePorts && { servicePorts }) });
  return patchedWith<RouteConfiguration>(patches, pass, { context, faultOf: tableFault });
}

const show = (value: RouteConfiguration | undefined) =>
  (value?.virtual_hosts ?? []).map(({ name, routes = [] }) => `${name}(${routes.map((route) => route.name ?? '-').join(' ')})`).join(' ');
const whole = show(table);
const host = (vhost: object) => ({ routeConfiguration: { vhost } });
const response = { name: 'new', match, direct_response: { status: 204 } };

describe('ROUTE_CONFIGURATION', () => {
  const merge = (matching: object, of = table, more: Options = {}) =>
    patch(
      [{ applyTo: 'ROUTE_CONFIGURATION', match: matching, patch: { operation: 'MERGE', value: { response_headers_to_remove: ['x'] } } }],
      { of, ...more },
    ).value?.response_headers_to_remove !== undefined;

  it.each([
    [{}, true],
    [{ context: 'GATEWAY' }, false],
    [{ routeConfiguration: { name: '80' } }, true],
    [{ routeConfiguration: { name: '81' } }, false],
    [{ routeConfiguration: { portNumber: 80 } }, true],
    [{ routeConfiguration: { portNumber: 81 } }, false],
    // Only gateways look at these.
    [{ routeConfiguration: { portName: 'x', gateway: 'y' } }, true],
  ])('of a sidecar is merged by %j: %s', (matching, expected) => {
    expect(merge(matching)).toBe(expected);
  });

  it('of a sniffed listener has no port', () => {
    expect(merge({ routeConfiguration: { portNumber: 80 } }, { ...table, name: 'a.shop.svc.cluster.local:80' })).toBe(false);
    expect(merge({ routeConfiguration: { portNumber: 8080 } }, { ...table, name: 'inbound|8080||' }, { context: 'SIDECAR_INBOUND' })).toBe(
      true,
    );
  });

  it.each([
    ['http.80', { portNumber: 80 }, true],
    ['http.80', { portNumber: 8080 }, false],
    ['http.8080', { portNumber: 80 }, true],
    ['http.8080', { portNumber: 8080 }, false],
    ['https.443.web.edge.shop', { portName: 'web', gateway: 'shop/edge', portNumber: 443 }, true],
    ['https.443.web.edge.shop', { gateway: 'shop/other' }, false],
    ['https.443.web.edge.shop', { portName: 'https' }, false],
    ['http.80', { gateway: 'shop/edge' }, false],
  ])('of a gateway: %s %j %s', (name, routeConfiguration, expected) => {
    const servicePorts = new Map([[8080, new Set([80])]]);
    expect(merge({ context: 'GATEWAY', routeConfiguration }, { ...table, name }, { context: 'GATEWAY', servicePorts })).toBe(expected);
  });
});

describe('VIRTUAL_HOST', () => {
  const value = { name: 'new', domains: ['new'], routes: [response] };
  it.each([
    ['ADD', {}, `${whole} new(new)`],
    ['INSERT_FIRST', {}, `${whole} new(new)`],
    ['ADD', { routeConfiguration: { name: 'other' } }, whole],
    ['REMOVE', host({ name: 'a:80' }), 'b:80(-)'],
    ['REMOVE', host({ domainName: 'b' }), 'a:80(one two three)'],
    ['REMOVE', host({ domainName: 'a', name: 'b:80' }), whole],
    ['REMOVE', {}, ''],
    ['REPLACE', host({ name: 'b:80' }), 'a:80(one two three) new(new)'],
    ['MERGE', host({ name: 'b:80' }), 'a:80(one two three) new(- new)'],
  ])('%s %j', (operation, matching, expected) => {
    expect(show(patch([{ applyTo: 'VIRTUAL_HOST', match: matching, patch: { operation, value } }]).value)).toBe(expected);
  });

  it('is left out where another one has the domain, and told', () => {
    const twice = { ...value, domains: ['A.shop'] };
    const patched = patch([
      { applyTo: 'VIRTUAL_HOST', patch: { operation: 'ADD', value: twice } },
      { applyTo: 'VIRTUAL_HOST', patch: { operation: 'ADD', value } },
    ]);
    expect(show(patched.value)).toBe(`${whole} new(new)`);
    expect([...patched.failures].map(([{ index }, reason]) => [index, reason])).toEqual([
      [0, 'two virtual hosts are for the domain A.shop'],
    ]);
  });

  it('that nothing touches stays the same object', () => {
    const patched = patch([
      { applyTo: 'VIRTUAL_HOST', match: host({ name: 'b:80' }), patch: { operation: 'MERGE', value: { require_tls: 'ALL' } } },
    ]);
    expect(patched.value?.virtual_hosts?.[0]).toBe(table.virtual_hosts?.[0]);
    expect(patched.value?.virtual_hosts?.[1]).toMatchObject({ name: 'b:80', require_tls: 'ALL' });
  });
});

describe('HTTP_ROUTE', () => {
  const ofA = (route?: object) => host({ name: 'a:80', ...(route && { route }) });
  const a = (routes: string) => `a:80(${routes}) b:80(-)`;
  it.each([
    ['ADD', ofA(), a('one two three new')],
    ['INSERT_FIRST', ofA(), a('new one two three')],
    ['INSERT_FIRST', ofA({ name: 'three' }), a('new one two three')],
    ['INSERT_FIRST', ofA({ name: 'none' }), whole],
    ['INSERT_BEFORE', ofA({ name: 'two' }), a('one new two three')],
    ['INSERT_AFTER', ofA({ name: 'two' }), a('one two new three')],
    ['INSERT_BEFORE', ofA(), a('new one two three')],
    ['INSERT_AFTER', ofA(), a('one two three new')],
    ['INSERT_AFTER', ofA({ name: 'none' }), whole],
    ['REMOVE', ofA({ name: 'two' }), a('one three')],
    ['REMOVE', ofA({ action: 'ROUTE' }), a('two three')],
    ['REMOVE', ofA({ action: 'REDIRECT' }), a('one three')],
    ['REMOVE', ofA({ action: 'DIRECT_RESPONSE' }), a('one two')],
    ['REMOVE', ofA({ action: 'ANY' }), a('')],
    ['REMOVE', {}, 'a:80() b:80()'],
    ['REPLACE', ofA({ name: 'two' }), whole],
  ])('%s %j', (operation, matching, expected) => {
    expect(show(patch([{ applyTo: 'HTTP_ROUTE', match: matching, patch: { operation, value: response } }]).value)).toBe(expected);
  });

  it('MERGE of another action takes the place of the one that is there; of the same it goes inside', () => {
    const merge = (value: object, name: string) =>
      patch([{ applyTo: 'HTTP_ROUTE', match: ofA({ name }), patch: { operation: 'MERGE', value } }]).value?.virtual_hosts?.[0]?.routes;
    expect(merge({ route: { timeout: '3s' } }, 'one')?.[0]).toEqual({
      name: 'one',
      match,
      route: { cluster: 'c', timeout: { seconds: '3' } },
    });
    expect(merge({ redirect: { host_redirect: 'h' } }, 'one')?.[0]).toEqual({ name: 'one', match, redirect: { host_redirect: 'h' } });
  });
});
