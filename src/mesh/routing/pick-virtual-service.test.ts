import { describe, expect, it } from 'vitest';
import { pickVirtualService, rankVirtualServices, virtualServicesOfGateway } from './pick-virtual-service.ts';
import type { ResolvedVirtualService } from './resolved-virtual-service.ts';
import { gatewaySemantics, virtualService } from './routing-fixtures.ts';

const host = 'web.shop.svc.cluster.local';
const client = { namespace: 'shop' };
const names = (list: readonly ResolvedVirtualService[]) => list.map(({ name }) => name);

describe('rankVirtualServices', () => {
  it('exact hosts, oldest first, then by name and namespace', () => {
    const candidates = [
      virtualService({ hosts: [host] }, { name: 'young', createdAt: 9 }),
      virtualService({ hosts: [host] }, { name: 'b', createdAt: 1 }),
      virtualService({ hosts: [host] }, { name: 'a', namespace: 'z', createdAt: 1 }),
    ];
    expect(names(rankVirtualServices(host, candidates, [], client))).toEqual(['a', 'b', 'young']);
  });

  it("a VirtualService private to the client's namespace beats an older one that is exported, and that a public one", () => {
    const candidates = [
      virtualService({ hosts: [host] }, { name: 'public', namespace: 'x', createdAt: 1 }),
      virtualService({ hosts: [host], exportTo: ['shop'] }, { name: 'exported', namespace: 'x', createdAt: 2 }),
      virtualService({ hosts: [host], exportTo: ['.'] }, { name: 'private', namespace: 'shop', createdAt: 3 }),
    ];
    expect(names(rankVirtualServices(host, candidates, [], client))).toEqual(['private', 'exported', 'public']);
    expect(names(rankVirtualServices(host, candidates, [], { namespace: 'other' }))).toEqual(['public']);
  });

  it('the most specific wildcard alone, and only where no exact host exists', () => {
    const wildcards = [
      virtualService({ hosts: ['*'] }, { name: 'all', createdAt: 1 }),
      virtualService({ hosts: ['*.svc.cluster.local', '*.shop.svc.cluster.local'] }, { name: 'specific', createdAt: 5 }),
      virtualService({ hosts: ['*.shop.svc.cluster.local'] }, { name: 'later', createdAt: 6 }),
    ];
    expect(names(rankVirtualServices(host, [], wildcards, client))).toEqual(['specific']);
    const exact = [virtualService({ hosts: [host] }, { name: 'exact', createdAt: 9 })];
    expect(names(rankVirtualServices(host, exact, wildcards, client))).toEqual(['exact']);
    expect(pickVirtualService('web.other.svc.cluster.local', [], wildcards, client)?.name).toBe('specific');
    expect(pickVirtualService('foo.com', [], wildcards, client)?.name).toBe('all');
  });

  it('leaves out what binds to gateways only, is hidden, or does not name the host', () => {
    const candidates = [
      virtualService({ hosts: [host], gateways: ['gw'] }, { name: 'gateway' }),
      virtualService({ hosts: [host], exportTo: ['~'] }, { name: 'hidden' }),
      virtualService({ hosts: ['foo.com'] }, { name: 'other' }),
    ];
    expect(pickVirtualService(host, candidates, [], client)).toBeUndefined();
  });

  it('a route of the Gateway API serves producer and consumer only, and never as a wildcard', () => {
    const route = virtualService({ hosts: [host] }, { name: 'route', namespace: 'team', annotations: gatewaySemantics });
    const pick = (namespace: string, serviceNamespace: string) => pickVirtualService(host, [route], [], { namespace, serviceNamespace });
    expect(pick('team', 'shop')).toBe(route);
    expect(pick('any', 'team')).toBe(route);
    expect(pick('any', 'shop')).toBeUndefined();
    const wild = virtualService({ hosts: ['*.shop.svc.cluster.local'] }, { annotations: gatewaySemantics });
    expect(pickVirtualService(host, [], [wild], { namespace: 'default', serviceNamespace: 'default' })).toBeUndefined();
  });
});

describe('virtualServicesOfGateway', () => {
  it('those bound to it, in the order private, exported, own routes of the Gateway API, public', () => {
    const of = (name: string, exportTo: string[], namespace: string, annotations = {}) =>
      virtualService({ hosts: ['a.com'], gateways: ['ns/gw'], exportTo }, { name, namespace, annotations });
    const all = [
      of('a-public', ['*'], 'x'),
      of('b-own-route', ['*'], 'edge', gatewaySemantics),
      of('c-exported', ['edge'], 'x'),
      of('d-private', ['.'], 'edge'),
      virtualService({ hosts: ['a.com'], gateways: ['ns/other'] }, { name: 'e-other' }),
    ];
    expect(names(virtualServicesOfGateway('ns/gw', all, 'edge'))).toEqual(['d-private', 'c-exported', 'b-own-route', 'a-public']);
  });
});
