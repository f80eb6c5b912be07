import { describe, expect, it } from 'vitest';
import { resolveGatewayName } from './resolve-gateway-name.ts';
import { resolveVirtualService } from './resolve-virtual-service.ts';
import { gatewaySemantics, testSettings, virtualService, virtualServiceObject } from './routing-fixtures.ts';

describe('resolveVirtualService', () => {
  it('names hosts and destinations in full and in lower case', () => {
    const resolved = virtualService(
      {
        hosts: ['Reviews', '*.Example.com', 'foo.com', '*'],
        http: [
          {
            route: [{ destination: { host: 'reviews', subset: 'v1' } }],
            mirror: { host: 'shadow' },
            mirrors: [{ destination: { host: 'other.ns' } }],
          },
        ],
        tcp: [{ route: [{ destination: { host: 'db' } }] }],
        tls: [{ match: [{ sniHosts: ['Foo.com'] }], route: [{ destination: { host: 'tls.com' } }] }],
      },
      { namespace: 'shop' },
    );
    expect(resolved.hosts).toEqual(['reviews.shop.svc.cluster.local', '*.example.com', 'foo.com', '*']);
    expect(resolved.http[0]?.route?.[0]?.destination).toEqual({ host: 'reviews.shop.svc.cluster.local', subset: 'v1' });
    expect(resolved.http[0]?.mirror?.host).toBe('shadow.shop.svc.cluster.local');
    expect(resolved.http[0]?.mirrors?.[0]?.destination.host).toBe('other.ns');
    expect(resolved.tcp[0]?.route?.[0]?.destination.host).toBe('db.shop.svc.cluster.local');
    expect(resolved.tls[0]?.route?.[0]?.destination.host).toBe('tls.com');
    expect(resolved.tls[0]?.match[0]?.sniHosts).toEqual(['Foo.com']);
  });

  it('keeps the source and index of every rule', () => {
    const resolved = virtualService({ hosts: ['a'], http: [{}, {}], tcp: [{}, {}] }, { name: 'many' });
    const source = { kind: 'VirtualService', namespace: 'default', name: 'many' };
    expect(resolved.http.map(({ origin }) => origin)).toEqual([
      { source, index: 0 },
      { source, index: 1 },
    ]);
    expect(resolved.tcp[1]?.origin).toEqual({ source, index: 1 });
  });

  it('binds to the mesh only where gateways are left out', () => {
    expect(virtualService({ hosts: ['a'] }).gateways).toEqual(['mesh']);
    expect(virtualService({ hosts: ['a'], gateways: [] }).gateways).toEqual(['mesh']);
    const gateways = ['gw', 'mesh', 'ns/gw', './gw'];
    const match = [{ gateways: ['gw', 'mesh'] }];
    const resolved = virtualService({ hosts: ['a'], gateways, http: [{ match }] });
    expect(resolved.gateways).toEqual(['default/gw', 'mesh', 'ns/gw', 'default/gw']);
    expect(resolved.http[0]?.match?.[0]?.gateways).toEqual(['default/gw', 'mesh']);
  });

  it.each([
    ['own exportTo, `.` resolved', ['.', 'other'], undefined, ['default', 'other']],
    ['the mesh default', undefined, ['.'], ['default']],
    ['an empty list counts as none', [], ['~'], ['~']],
    ['everybody without any default', undefined, undefined, ['*']],
  ])('exportTo: %s', (_, own, meshDefault, expected) => {
    const settings = { ...testSettings, config: meshDefault === undefined ? {} : { defaultVirtualServiceExportTo: meshDefault } };
    const object = virtualServiceObject({ hosts: ['a'], ...(own && { exportTo: own }) });
    expect(resolveVirtualService(object, settings).exportTo).toEqual(expected);
  });

  it('honours the annotations of synthesised objects', () => {
    const resolved = virtualService(
      { hosts: ['short'], http: [{ route: [{ destination: { host: '' } }] }] },
      { annotations: { ...gatewaySemantics, 'internal.istio.io/parents': 'HTTPRoute/a.ns,HTTPRoute/b.ns' } },
    );
    expect(resolved.semantics).toBe('gateway');
    expect(resolved.parents).toEqual(['HTTPRoute/a.ns', 'HTTPRoute/b.ns']);
    expect(resolved.hosts).toEqual(['short']);
    expect(resolved.http[0]?.route?.[0]?.destination.host).toBe('');
  });
});

it.each([
  ['mesh', 'mesh'],
  ['gw', 'shop/gw'],
  ['ns/gw', 'ns/gw'],
  ['./gw', 'shop/gw'],
  ['gw.ns', 'ns/gw'],
  ['gw.ns.svc.cluster.local', 'ns/gw'],
])('gateway %s means %s', (written, meant) => {
  expect(resolveGatewayName(written, 'shop')).toBe(meant);
});
