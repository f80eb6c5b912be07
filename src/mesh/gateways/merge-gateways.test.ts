import { describe, expect, it } from 'vitest';
import type { GatewayServer } from '../../schema/istio-gateway/istio-gateway.ts';
import { type GatewayMeta, gatewayObject, httpServer, httpsServer, passthroughServer, target, tcpServer } from './gateway-fixtures.ts';
import { mergeGateways } from './merge-gateways.ts';
import type { MergedGateway } from './merged-gateway.ts';
import type { GatewayTarget } from './selected-gateway.ts';

const gatewayOf = (servers: readonly GatewayServer[], meta: GatewayMeta = {}, targets: readonly GatewayTarget[] = []) => ({
  gateway: gatewayObject(servers, meta),
  targets,
  byLabels: true,
});
const merge = (...servers: readonly GatewayServer[]) => mergeGateways([gatewayOf(servers)]);
const ports = ({ ports }: MergedGateway) =>
  ports.map(({ number, bind, protocol, servers }) => `${bind}:${number} ${protocol} ${servers.map(({ port }) => port.name).join(' ')}`);
const routes = ({ routes }: MergedGateway) =>
  [...routes].map(([name, servers]) => `${name}: ${servers.map(({ gateway }) => gateway).join(' ')}`);
const reasons = ({ rejected }: MergedGateway) => rejected.map(({ server, reason }) => `${server.source.name} ${server.index} ${reason}`);

describe('mergeGateways', () => {
  it('HTTP servers of a port share one route table, whatever their version of HTTP', () => {
    const second = gatewayOf([{ ...httpServer, port: { number: 80, name: 'h2', protocol: 'HTTP2' } }], { name: 'other', namespace: 'x' });
    const merged = mergeGateways([gatewayOf([httpServer]), second]);
    expect(ports(merged)).toEqual([':80 HTTP http h2']);
    expect(routes(merged)).toEqual(['http.80: default/gw x/other']);
  });

  it('TLS servers of a port are told apart by name, each HTTPS server with its own table', () => {
    const other = { ...httpsServer, port: { number: 443, name: 'more', protocol: 'HTTPS' }, hosts: ['c.com', 'ns/d.com'] };
    const merged = merge(httpsServer, passthroughServer, other);
    expect(ports(merged)).toEqual([':443 HTTPS https more', ':443 TLS tls']);
    expect(routes(merged)).toEqual(['https.443.https.gw.default: default/gw', 'https.443.more.gw.default: default/gw']);
    expect(merged.ports[0]?.servers[1]?.sniHosts).toEqual(['c.com', 'd.com']);
  });

  it.each([
    ['TCP beside HTTP', [httpServer, tcpServer], 'gw 1 protocol-conflict'],
    ['HTTP beside TCP', [tcpServer, httpServer], 'gw 1 protocol-conflict'],
    ['TCP beside TCP', [tcpServer, tcpServer], 'gw 1 protocol-conflict'],
    ['TLS beside HTTP', [{ ...httpServer, port: { ...httpServer.port, number: 443 } }, httpsServer], 'gw 1 protocol-conflict'],
    ['a host of another TLS server', [httpsServer, { ...passthroughServer, hosts: ['z.com', 'a.com'] }], 'gw 1 duplicate-hosts'],
    ['a port name that was used', [httpsServer, { ...httpsServer, hosts: ['c.com'] }], 'gw 1 duplicate-port-name'],
  ])('%s is left out', (_, servers, reason) => {
    const merged = merge(...servers);
    expect(reasons(merged)).toEqual([reason]);
    expect(merged.ports.flatMap((port) => port.servers)).toHaveLength(1);
  });

  it('other addresses are other listeners: nothing conflicts', () => {
    const merged = merge(httpServer, { ...tcpServer, bind: '10.0.0.1' }, { ...httpServer, bind: '10.0.0.2' });
    expect(ports(merged)).toEqual([':80 HTTP http', '10.0.0.1:80 TCP tcp', '10.0.0.2:80 HTTP http']);
    expect(routes(merged)).toEqual(['http.80: default/gw', 'http.80.10.0.0.2: default/gw']);
    expect(merged.rejected).toEqual([]);
    expect(merge(httpsServer, { ...httpsServer, bind: '10.0.0.1' }).rejected).toEqual([]);
  });

  it('hosts name their namespace in full', () => {
    const merged = merge(
      { ...httpServer, hosts: ['./a.com', '*/b.com', 'ns/c.com', 'd.com'] },
      { ...httpServer, hosts: ['x/y.com', '*/*'] },
    );
    expect(merged.ports[0]?.servers.map(({ hosts }) => hosts)).toEqual([['default/a.com', 'b.com', 'ns/c.com', 'd.com'], ['*']]);
  });

  it('ports are those behind the service; HTTPS tables keep the port of the Gateway', () => {
    const merged = mergeGateways([gatewayOf([httpServer, httpsServer], {}, [target(80, 8080), target(443, 8443), target(80, 9090)])]);
    expect(ports(merged)).toEqual([':8080 HTTP http', ':8443 HTTPS https']);
    expect([...merged.routes.keys()]).toEqual(['http.8080', 'https.443.https.gw.default']);
  });

  it('server ports that lead to one target port meet there', () => {
    const second = { ...httpServer, port: { number: 81, name: 'more', protocol: 'HTTP' } };
    const merged = mergeGateways([gatewayOf([httpServer, second], {}, [target(80, 8080), target(81, 8080)])]);
    expect(ports(merged)).toEqual([':8080 HTTP http more']);
    expect(merged.routes.get('http.8080')?.map(({ port }) => port.number)).toEqual([80, 81]);
  });

  it('says for which hosts it passes on by server name', () => {
    expect(merge(httpsServer).autoPassthroughHosts).toBeUndefined();
    const automatic = { ...passthroughServer, hosts: ['*.local', 'ns/*.com'], tls: { mode: 'AUTO_PASSTHROUGH' as const } };
    expect(merge(automatic).autoPassthroughHosts).toEqual(['*.com', '*.local']);
  });
});
