import { describe, expect, it } from 'vitest';
import { formatIssue } from '../../model/issue.ts';
import type { GatewayServer } from '../../schema/istio-gateway/istio-gateway.ts';
import { gatewayObject, httpServer, httpsServer, passthroughServer, tcpServer } from './gateway-fixtures.ts';
import { gatewayIssues } from './gateway-issues.ts';
import { mergeGateways } from './merge-gateways.ts';

const merged = (...gateways: readonly (readonly GatewayServer[])[]) =>
  mergeGateways(gateways.map((servers, i) => ({ gateway: gatewayObject(servers, { name: `gw${i}` }), targets: [], byLabels: true })));
const told = (...gateways: readonly (readonly GatewayServer[])[]) => gatewayIssues(merged(...gateways)).map(formatIssue);

describe('gatewayIssues', () => {
  it('tells of servers that are left out, and which one was there before', () => {
    expect(told([httpServer], [tcpServer])).toEqual([
      'warning IST0145 Gateway/default/gw1 spec.servers[0].port.protocol: the server is left out: port 80 is taken for HTTP by servers[0] of Gateway/default/gw0, TCP cannot share it',
    ]);
    expect(told([httpsServer], [httpServer, { ...passthroughServer, hosts: ['z.com', 'a.com'] }])).toEqual([
      'warning IST0145 Gateway/default/gw1 spec.servers[1].hosts: the server is left out: port 443 has TLS for "a.com" already, by servers[0] of Gateway/default/gw0',
    ]);
    expect(told([httpsServer, { ...httpsServer, hosts: ['c.com'] }])).toEqual([
      'warning IST0145 Gateway/default/gw0 spec.servers[1].port.name: the server is left out: servers[0] of Gateway/default/gw0 has the same port and port name (HTTPS servers need a port name each)',
    ]);
  });

  it('and of hosts that another has under a namespace', () => {
    expect(told([httpsServer], [{ ...httpsServer, hosts: ['b.com', './a.com'] }])).toEqual([
      'warning IST0145 Gateway/default/gw1 spec.servers[0].hosts[1]: the host has no effect: TLS clients of "a.com" are taken on port 443 by servers[0] of Gateway/default/gw0',
    ]);
    expect(told([{ ...httpsServer, hosts: ['*'] }], [{ ...httpsServer, hosts: ['./*'] }])).toEqual([
      'warning IST0145 Gateway/default/gw1 spec.servers[0].hosts: the server is left out: port 443 has TLS for "*" already, by servers[0] of Gateway/default/gw0',
    ]);
  });

  it('and of listeners that Envoy refuses, since hosts of two namespaces come to one name', () => {
    expect(told([{ ...httpsServer, hosts: ['shop/*'] }], [{ ...httpsServer, hosts: ['pay/*'] }])).toEqual([
      'warning IST0145 Gateway/default/gw1 spec.servers[0].hosts[0]: Envoy refuses the listener: TLS clients of "*" are taken on port 443 by servers[0] of Gateway/default/gw0 (a name on a port is for one server, whatever the namespace)',
    ]);
  });

  it('of one port alone where it is named, and of nothing where all is well', () => {
    expect(told([httpServer], [httpServer, httpsServer], [passthroughServer])).toEqual([]);
    const redirecting = { ...httpServer, tls: { mode: 'SIMPLE' as const, credentialName: 'c', httpsRedirect: true } };
    expect(told([redirecting], [{ ...redirecting, hosts: ['./*'] }])).toEqual([]);
    const conflict = merged([httpServer], [tcpServer]);
    expect([gatewayIssues(conflict, 80).length, gatewayIssues(conflict, 443).length]).toEqual([1, 0]);
  });
});
