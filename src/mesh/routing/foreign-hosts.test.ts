import { describe, expect, it } from 'vitest';
import { isSubsetOf } from '../../model/hostname.ts';
import type { Protocol } from '../../model/protocol.ts';
import type { Service } from '../../model/service.ts';
import { type ForeignHost, foreignHosts } from './foreign-hosts.ts';
import type { ResolvedVirtualService } from './resolved-virtual-service.ts';
import { gatewaySemantics, virtualService } from './routing-fixtures.ts';

type Known = Readonly<Record<string, readonly [port: number, protocol: Protocol][]>>;

function foreign(of: ResolvedVirtualService, port: number, known: Known, clientNamespace = 'default'): readonly ForeignHost[] {
  const services = Object.entries(known).map(([hostname, ports]) => ({
    hostname,
    namespace: 'default',
    ports: ports.map(([number, protocol]) => ({ number, protocol, name: '' })),
  })) as unknown as Service[];
  const onPort = services.filter(({ ports }) => port === 0 || ports.some(({ number }) => number === port));
  return foreignHosts(of, clientNamespace, {
    port,
    at: (host) => onPort.find(({ hostname }) => hostname === host),
    under: (pattern) => onPort.filter(({ hostname }) => isSubsetOf(hostname, pattern)),
    decides: () => true,
  });
}

describe('foreignHosts', () => {
  const both = virtualService({ hosts: ['web.com', 'ghost.com'] });

  it('on port 80 always', () => {
    expect(foreign(both, 80, {})).toEqual([
      { host: 'web.com', port: 80 },
      { host: 'ghost.com', port: 80 },
    ]);
    expect(foreign(both, 80, { 'web.com': [[80, 'HTTP']] })).toEqual([{ host: 'ghost.com', port: 80 }]);
  });

  it('on other ports only beside a service that speaks HTTP there', () => {
    expect(foreign(both, 8080, {})).toEqual([]);
    expect(foreign(both, 8080, { 'web.com': [[8080, 'HTTP']] })).toEqual([{ host: 'ghost.com', port: 8080 }]);
    expect(foreign(both, 8080, { 'web.com': [[8080, 'Auto']] })).toEqual([{ host: 'ghost.com', port: 8080 }]);
    expect(foreign(both, 8080, { 'web.com': [[8080, 'TCP']] })).toEqual([]);
  });

  it('for an HTTP proxy on each port of the services', () => {
    const ports: [number, Protocol][] = [
      [9000, 'HTTP'],
      [80, 'GRPC'],
      [1, 'TCP'],
    ];
    expect(foreign(both, 0, { 'web.com': ports }).map(({ port }) => port)).toEqual([80, 9000]);
  });

  it('a wildcard is foreign only where it covers no service', () => {
    const wild = virtualService({ hosts: ['*.com'] });
    expect(foreign(wild, 80, {})).toEqual([{ host: '*.com', port: 80 }]);
    expect(foreign(wild, 80, { 'web.com': [[80, 'HTTP']] })).toEqual([]);
  });

  it('none of what binds to gateways only', () => {
    expect(foreign(virtualService({ hosts: ['a.com'], gateways: ['gw'] }), 80, {})).toEqual([]);
  });

  it('a route of the Gateway API needs a service of its own namespace, or a client there', () => {
    const route = virtualService({ hosts: ['web.com', '*.com'] }, { namespace: 'team', annotations: gatewaySemantics });
    const known: Known = { 'web.com': [[80, 'HTTP']] };
    expect(foreign(route, 80, known, 'team')).toEqual([{ host: '*.com', port: 80 }]);
    expect(foreign(route, 80, known, 'other')).toEqual([]);
    expect(foreign(route, 80, {}, 'team')).toEqual([]);
  });
});
