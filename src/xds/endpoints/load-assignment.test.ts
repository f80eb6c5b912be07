import { describe, expect, it } from 'vitest';
import type { ClusterLoadAssignment } from '../../envoy/generated/envoy/config/endpoint/v3/ClusterLoadAssignment.ts';
import { loadProtos } from '../../envoy/protos.ts';
import { ruleOf, settingsOf } from '../../mesh/traffic-policy/rule-fixture.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { outboundClusterName, sniName } from '../names.ts';
import type { EndpointInput } from './endpoint-input.ts';
import { LbEndpoints } from './lb-endpoints.ts';
import { buildEmbeddedAssignment, buildLoadAssignment, emptyLoadAssignment } from './load-assignment.ts';
import { endpointOf, hostname, httpPort, scopeOf, serviceOf } from './mesh-fixture.ts';

const protos = loadProtos();
const clusterName = outboundClusterName(80, '', hostname);

function inputOf(endpoints: readonly Endpoint[], over: Partial<EndpointInput> = {}): EndpointInput {
  const settings = over.settings ?? settingsOf();
  const messages = new LbEndpoints({ flags: settings.flags });
  return { clusterName, service: serviceOf(), port: httpPort, rule: undefined, endpoints, settings, scope: scopeOf(), messages, ...over };
}

function build(endpoints: readonly Endpoint[], over: Partial<EndpointInput> = {}): ClusterLoadAssignment {
  const assignment = buildLoadAssignment(inputOf(endpoints, over));
  expect(protos.check('envoy.config.endpoint.v3.ClusterLoadAssignment', assignment)).toEqual([]);
  return assignment;
}

/** `locality priority weight: address address`, one line per group. */
function summary(assignment: ClusterLoadAssignment | undefined): string[] {
  return (assignment?.endpoints ?? []).map((group) => {
    const { region = '', zone = '', sub_zone: subZone = '' } = group.locality ?? {};
    const place = [region, zone, subZone].filter((part) => part !== '').join('/');
    const addresses = (group.lb_endpoints ?? []).map((entry) => entry.endpoint?.address?.socket_address?.address);
    return `${place} p${group.priority ?? 0} w${group.load_balancing_weight?.value}: ${addresses.join(' ')}`.trim();
  });
}

describe("an assignment in Istio's shape", () => {
  it('holds address, health, weight and the metadata of telemetry and mutual TLS', () => {
    const endpoint = endpointOf('10.0.0.1', {
      locality: 'eu/eu-1/rack',
      weight: 3,
      labels: { 'service.istio.io/canonical-name': 'rev', version: 'v2' },
    });
    expect(build([endpoint])).toEqual({
      cluster_name: 'outbound|80||reviews.default.svc.cluster.local',
      endpoints: [
        {
          locality: { region: 'eu', zone: 'eu-1', sub_zone: 'rack' },
          lb_endpoints: [
            {
              endpoint: { address: { socket_address: { address: '10.0.0.1', port_value: 8080 } } },
              health_status: 'HEALTHY',
              metadata: {
                filter_metadata: {
                  'envoy.transport_socket_match': { fields: { tlsMode: { stringValue: 'istio' } } },
                  istio: { fields: { workload: { stringValue: 'reviews-v1;default;rev;v2;Kubernetes' } } },
                },
              },
              load_balancing_weight: { value: 3 },
            },
          ],
          load_balancing_weight: { value: 3 },
        },
      ],
    });
  });

  it("names no revision where it is the default, and falls back to the workload's name", () => {
    const [group] = build([endpointOf('10.0.0.1', { labels: {} })]).endpoints ?? [];
    expect(group?.lb_endpoints?.[0]?.metadata?.filter_metadata?.['istio']).toEqual({
      fields: { workload: { stringValue: 'reviews-v1;default;reviews-v1;;Kubernetes' } },
    });
  });

  it('is empty, and not absent, where nothing matches', () => {
    expect(build([])).toEqual({ cluster_name: clusterName });
    expect(build([endpointOf('10.0.0.1', { portName: 'grpc' })])).toEqual({ cluster_name: clusterName });
    expect(emptyLoadAssignment('a')).toEqual({ cluster_name: 'a' });
  });

  it('groups by locality in the order of its text, whatever the order of the endpoints', () => {
    const endpoints = [
      endpointOf('10.0.0.1', { locality: 'us/b' }),
      endpointOf('10.0.0.2', { locality: 'eu/a' }),
      endpointOf('10.0.0.3', { locality: 'us/b', weight: 4 }),
    ];
    expect(summary(build(endpoints))).toEqual(['eu/a p0 w1: 10.0.0.2', 'us/b p0 w5: 10.0.0.1 10.0.0.3']);
  });

  it('makes the message of an endpoint once', () => {
    const endpoint = endpointOf('10.0.0.1');
    const input = inputOf([endpoint]);
    const first = buildLoadAssignment(input).endpoints?.[0]?.lb_endpoints?.[0];
    expect(buildLoadAssignment({ ...input, subset: 'v1', clusterName: 'x' }).endpoints?.[0]?.lb_endpoints?.[0]).toBe(first);
  });

  it('writes a unix socket as a pipe', () => {
    const [group] = build([endpointOf('unix:///run/app.sock', { port: 0 })]).endpoints ?? [];
    expect(group?.lb_endpoints?.[0]?.endpoint).toEqual({ address: { pipe: { path: '/run/app.sock' } } });
  });
});

describe('which endpoints', () => {
  const addressesOf = (endpoints: readonly Endpoint[], over: Partial<EndpointInput> = {}) => summary(build(endpoints, over)).join();

  it("those of the port's name, with the labels of the subset", () => {
    const rule = ruleOf({ subsets: [{ name: 'v2', labels: { version: 'v2' } }] });
    const endpoints = [
      endpointOf('10.0.0.1'),
      endpointOf('10.0.0.2', { labels: { version: 'v2', app: 'x' } }),
      endpointOf('10.0.0.3', { portName: 'tcp' }),
    ];
    expect(addressesOf(endpoints, { rule, subset: 'v2' })).toBe('p0 w1: 10.0.0.2');
    expect(addressesOf(endpoints, { rule })).toBe('p0 w2: 10.0.0.1 10.0.0.2');
  });

  it('no host names: EDS takes addresses only', () => {
    expect(addressesOf([endpointOf('example.com'), endpointOf('10.0.0.1'), endpointOf('fd00::1')])).toBe('p0 w2: 10.0.0.1 fd00::1');
  });

  it('unhealthy ones too, unless minHealthPercent or the mesh asks otherwise', () => {
    const endpoints = [endpointOf('10.0.0.1'), endpointOf('10.0.0.2', { health: 'UNHEALTHY' })];
    const strict = ruleOf({ trafficPolicy: { outlierDetection: { minHealthPercent: 50 } } });
    expect(build(endpoints).endpoints?.[0]?.lb_endpoints?.[1]?.health_status).toBe('UNHEALTHY');
    expect(addressesOf(endpoints, { rule: strict })).toBe('p0 w1: 10.0.0.1');
    expect(addressesOf(endpoints, { settings: settingsOf({}, { PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: false }) })).toBe('p0 w1: 10.0.0.1');
    const settings = settingsOf({}, { PILOT_SEND_UNHEALTHY_ENDPOINTS: true });
    expect(addressesOf(endpoints, { rule: strict, settings })).toBe('p0 w2: 10.0.0.1 10.0.0.2');
  });

  it('draining ones only for persistent sessions, terminating ones never', () => {
    const endpoints = [
      endpointOf('10.0.0.1', { health: 'DRAINING' }),
      endpointOf('10.0.0.2', { health: 'TERMINATING' }),
      endpointOf('10.0.0.3', { labels: { 'istio.io/draining': 'true' } }),
    ];
    expect(build(endpoints)).toEqual({ cluster_name: clusterName });
    const service = serviceOf({ labels: { 'istio.io/persistent-session': 'cookie' } });
    const [group] = build(endpoints, { service }).endpoints ?? [];
    expect(group?.lb_endpoints?.map((entry) => [entry.endpoint?.address?.socket_address?.address, entry.health_status])).toEqual([
      ['10.0.0.1', 'DRAINING'],
      ['10.0.0.3', 'DRAINING'],
    ]);
  });

  it('those of the same node for a local internalTrafficPolicy, of the same cluster for a cluster-local service', () => {
    const endpoints = [
      endpointOf('10.0.0.1', { nodeName: 'a' }),
      endpointOf('10.0.0.2', { nodeName: 'b' }),
      endpointOf('10.0.0.3', { nodeName: 'a', clusterId: 'east' }),
    ];
    const service = serviceOf({ internalTrafficPolicyLocal: true });
    expect(addressesOf(endpoints, { service, scope: scopeOf({ nodeName: 'a' }) })).toBe('p0 w1: 10.0.0.1');
    expect(addressesOf(endpoints, { isClusterLocal: true })).toBe('p0 w2: 10.0.0.1 10.0.0.2');
  });

  it('of several clusters that give out one address, that of the own cluster', () => {
    const endpoints = ['a', 'b', 'c'].map((clusterId) => endpointOf('10.0.0.1', { clusterId, weight: clusterId === 'b' ? 7 : 1 }));
    const service = serviceOf({ clusterAddresses: { a: ['10.96.0.10'], b: ['10.97.0.10'] } });
    expect(addressesOf(endpoints, { service, scope: scopeOf({ clusterId: 'b' }) })).toBe('p0 w7: 10.0.0.1');
    expect(addressesOf(endpoints, { service, scope: scopeOf({ clusterId: 'x' }) })).toBe('p0 w1: 10.0.0.1');
  });

  it('those of the networks that the proxy asked for, and of unknown ones', () => {
    const endpoints = [endpointOf('10.0.0.1', { network: 'n1' }), endpointOf('10.0.0.2', { network: 'n2' }), endpointOf('10.0.0.3')];
    expect(addressesOf(endpoints, { scope: scopeOf({ networkView: ['n1'] }) })).toBe('p0 w2: 10.0.0.1 10.0.0.3');
  });

  it('none in EDS for a service that DNS resolves', () => {
    expect(build([endpointOf('10.0.0.1')], { service: serviceOf({ resolution: 'DNSLB' }) })).toEqual({ cluster_name: clusterName });
  });
});

describe('mutual TLS', () => {
  const matchOf = (endpoint: Endpoint, over: Partial<EndpointInput> = {}) =>
    build([endpoint], over).endpoints?.[0]?.lb_endpoints?.[0]?.metadata?.filter_metadata?.['envoy.transport_socket_match'];
  const istio = { fields: { tlsMode: { stringValue: 'istio' } } };

  it('is marked where the endpoint has a sidecar and PeerAuthentication lets it', () => {
    expect(matchOf(endpointOf('10.0.0.1'))).toEqual(istio);
    expect(matchOf(endpointOf('10.0.0.1', { tlsMode: 'disabled' }))).toBeUndefined();
    expect(matchOf(endpointOf('10.0.0.1'), { acceptsMutualTls: () => false })).toBeUndefined();
  });

  it('is what the DestinationRule says, whatever PeerAuthentication does', () => {
    const mutual = ruleOf({ trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } });
    expect(matchOf(endpointOf('10.0.0.1'), { rule: mutual, acceptsMutualTls: () => false })).toEqual(istio);
    expect(matchOf(endpointOf('10.0.0.1'), { rule: ruleOf({ trafficPolicy: { tls: { mode: 'DISABLE' } } }) })).toBeUndefined();
  });

  it('is a condition for endpoints behind AUTO_PASSTHROUGH', () => {
    const endpoints = [endpointOf('10.0.0.1'), endpointOf('10.0.0.2', { tlsMode: 'disabled' })];
    expect(summary(build(endpoints, { clusterName: sniName(80, '', hostname) }))).toEqual(['p0 w1: 10.0.0.1']);
  });
});

describe('endpoints inside a DNS cluster', () => {
  const service = serviceOf({ resolution: 'DNSLB', provider: 'External' });
  const endpoints = [endpointOf('a.example.com', { tlsMode: 'disabled' }), endpointOf('b.example.com', { tlsMode: 'disabled' })];

  it('keep their host names', () => {
    expect(summary(buildEmbeddedAssignment(inputOf(endpoints, { service }), false))).toEqual(['p0 w2: a.example.com b.example.com']);
  });

  it('are one alone for LOGICAL_DNS', () => {
    expect(summary(buildEmbeddedAssignment(inputOf(endpoints, { service }), true))).toEqual(['p0 w1: a.example.com']);
  });

  it('are none for LOGICAL_DNS where the only ones must not be used: it could not stand without', () => {
    const input = inputOf(endpoints, { service, clusterName: sniName(80, '', hostname) });
    expect(buildEmbeddedAssignment(input, true)).toBeUndefined();
  });

  it('do not exist where the service has none', () => {
    expect(buildEmbeddedAssignment(inputOf([], { service }), false)).toBeUndefined();
  });

  it("fail over by the mesh's default outlier detection", () => {
    const settings = settingsOf({ defaultTrafficPolicy: { outlierDetection: { consecutive5xxErrors: 1 } } });
    const places = [endpointOf('a.example.com', { locality: 'us' }), endpointOf('b.example.com', { locality: 'eu' })];
    const input = inputOf(places, { service, settings, scope: scopeOf({ locality: 'us' }) });
    expect(summary(buildEmbeddedAssignment(input, false))).toEqual(['eu p1 w1: b.example.com', 'us p0 w1: a.example.com']);
  });
});
