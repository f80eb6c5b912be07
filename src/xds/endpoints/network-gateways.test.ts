import { describe, expect, it } from 'vitest';
import { networkGateways } from '../../mesh/networks/network-gateways.ts';
import { settingsOf } from '../../mesh/traffic-policy/rule-fixture.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { NetworkGateway } from '../../model/network-gateway.ts';
import { LbEndpoints } from './lb-endpoints.ts';
import { buildLoadAssignment } from './load-assignment.ts';
import { endpointOf, httpPort, scopeOf, serviceOf } from './mesh-fixture.ts';

const gateway = (network: string, address: string, clusterId = ''): NetworkGateway => ({ network, clusterId, address, port: 15443 });

/** `address:port x weight` of every endpoint. */
function reached(endpoints: readonly Endpoint[], gateways: readonly NetworkGateway[], network: string): string[] {
  const settings = settingsOf();
  const assignment = buildLoadAssignment({
    clusterName: 'outbound|80||a',
    service: serviceOf(),
    port: httpPort,
    rule: undefined,
    endpoints,
    settings,
    scope: scopeOf({ network }),
    messages: new LbEndpoints({ flags: settings.flags }),
    gateways: networkGateways(gateways),
  });
  return (assignment.endpoints ?? []).flatMap((group) =>
    (group.lb_endpoints ?? []).map((entry) => {
      const { address, port_value: port } = entry.endpoint?.address?.socket_address ?? {};
      return `${address}:${port} x${entry.load_balancing_weight?.value}`;
    }),
  );
}

describe('endpoints of other networks', () => {
  const near = endpointOf('10.0.0.1', { network: 'n1' });
  const far = [endpointOf('10.1.0.1', { network: 'n2' }), endpointOf('10.1.0.2', { network: 'n2' })];

  it('are reached directly where nothing leads between networks', () => {
    expect(reached([near, ...far], [], 'n1')).toEqual(['10.0.0.1:8080 x1', '10.1.0.1:8080 x1', '10.1.0.2:8080 x1']);
  });

  it('give their weight to the gateways of their network, scaled so that it divides evenly', () => {
    const gateways = [gateway('n2', '2.2.2.3'), gateway('n2', '2.2.2.2')];
    expect(reached([near, ...far], gateways, 'n1')).toEqual(['10.0.0.1:8080 x2', '2.2.2.2:15443 x2', '2.2.2.3:15443 x2']);
  });

  it('prefer the gateway of their own cluster', () => {
    const gateways = [gateway('n2', '2.2.2.2', 'east'), gateway('n2', '2.2.2.3', 'west')];
    expect(reached([endpointOf('10.1.0.1', { network: 'n2', clusterId: 'west' })], gateways, 'n1')).toEqual(['2.2.2.3:15443 x2']);
  });

  it('are dropped where they cannot speak mutual TLS', () => {
    expect(reached([endpointOf('10.1.0.1', { network: 'n2', tlsMode: 'disabled' })], [gateway('n2', '2.2.2.2')], 'n1')).toEqual([]);
  });

  it('are reached through the gateway from a proxy that names no network', () => {
    expect(reached([near, ...far], [gateway('n2', '2.2.2.2')], '')).toEqual(['10.0.0.1:8080 x1', '2.2.2.2:15443 x2']);
  });

  it('are dropped where only a gateway of the wrong address family leads there', () => {
    expect(reached(far, [gateway('n2', 'fd00::2')], 'n1')).toEqual([]);
  });
});
