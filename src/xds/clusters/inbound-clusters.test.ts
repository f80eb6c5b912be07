import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { ruleOf, settingsOf } from '../../mesh/traffic-policy/rule-fixture.ts';
import type { Service } from '../../model/service.ts';
import type { ServiceTarget } from '../../model/service-target.ts';
import type { Sidecar } from '../../schema/sidecar/sidecar.ts';
import { hostname, scopeOf, serviceOf } from '../endpoints/mesh-fixture.ts';
import type { NamedCluster } from './cluster-draft.ts';
import { buildInboundClusters, type InboundClusterInput } from './inbound-clusters.ts';

const protos = loadProtos();

function build(over: Partial<InboundClusterInput> = {}): NamedCluster[] {
  const clusters = buildInboundClusters({
    targets: [target(8080)],
    rules: new Map(),
    instanceAddresses: ['10.0.0.9'],
    settings: settingsOf(),
    scope: scopeOf(),
    ...over,
  });
  for (const cluster of clusters) expect(protos.check('envoy.config.cluster.v3.Cluster', cluster)).toEqual([]);
  return clusters;
}

function target(
  targetPort: number,
  over: Partial<Service> = {},
  port: ServiceTarget['port'] = { number: 80, name: 'http', protocol: 'HTTP' },
): ServiceTarget {
  return { service: serviceOf(over), port, targetPort };
}

const features = (over: object) => scopeOf({ features: { ...scopeOf().features, ...over } });
const servicesOf = (cluster: NamedCluster | undefined) =>
  cluster?.metadata?.filter_metadata?.['istio']?.fields?.['services']?.listValue?.values?.map(
    (value) => value.structValue?.fields?.['host']?.stringValue,
  );

/** Where each cluster leads: `name -> address:port`, or the type. */
function ways(clusters: readonly NamedCluster[]): string[] {
  return clusters.map((cluster) => {
    const address = cluster.load_assignment?.endpoints?.[0]?.lb_endpoints?.[0]?.endpoint?.address;
    const at = address?.pipe ? address.pipe.path : address && `${address.socket_address?.address}:${address.socket_address?.port_value}`;
    return `${cluster.name} -> ${at ?? cluster.type}`;
  });
}

describe('clusters of the services that a workload serves', () => {
  it('lead to where the client meant to go, from the address that redirection lets pass', () => {
    expect(build()).toEqual([
      {
        name: 'inbound|8080||',
        type: 'ORIGINAL_DST',
        alt_stat_name: 'inbound|8080||;',
        common_lb_config: {},
        lb_policy: 'CLUSTER_PROVIDED',
        connect_timeout: { seconds: '10', nanos: 0 },
        cleanup_interval: { seconds: '9223372035', nanos: 0 },
        circuit_breakers: {
          thresholds: [
            {
              max_connections: { value: 4294967295 },
              max_pending_requests: { value: 4294967295 },
              max_requests: { value: 4294967295 },
              max_retries: { value: 4294967295 },
            },
          ],
        },
        upstream_bind_config: { source_address: { address: '127.0.0.6', port_value: 0 } },
        metadata: {
          filter_metadata: {
            istio: {
              fields: {
                services: {
                  listValue: {
                    values: [
                      {
                        structValue: {
                          fields: {
                            host: { stringValue: hostname },
                            name: { stringValue: 'reviews' },
                            namespace: { stringValue: 'default' },
                          },
                        },
                      },
                    ],
                  },
                },
              },
            },
          },
        },
      },
    ]);
  });

  it('lead to loopback, from no special address, where the mesh says so', () => {
    const settings = settingsOf({ inboundTrafficPolicy: { mode: 'LOCALHOST' } });
    const [cluster] = build({ settings });
    expect(ways(build({ settings }))).toEqual(['inbound|8080|| -> 127.0.0.1:8080']);
    expect(cluster?.upstream_bind_config).toBeUndefined();
    expect(ways(build({ settings, scope: features({ ipv4: false, ipv6: true }) }))).toEqual(['inbound|8080|| -> ::1:8080']);
  });

  it('are one per target port: the oldest service decides, those of the same service port are all named', () => {
    const young = target(8080, { hostname: 'young', name: 'young', createdAt: 2 }, { number: 80, name: 'grpc', protocol: 'GRPC' });
    const old = target(8080, { hostname: 'old', name: 'old', createdAt: 1 });
    const other = target(8080, { hostname: 'other', name: 'other', createdAt: 3 }, { number: 81, name: 'http', protocol: 'HTTP' });
    const [first, second, ...more] = build({ targets: [target(9090), young, other, old, old] });
    expect(more).toEqual([]);
    expect([first?.name, second?.name]).toEqual(['inbound|8080||', 'inbound|9090||']);
    expect(first?.typed_extension_protocol_options).toBeUndefined();
    expect(servicesOf(first)).toEqual(['old', 'young']);
  });

  it('go by hostname where services are equally old, then by the order of the ports', () => {
    const ports = [
      { number: 81, name: 'tcp', protocol: 'TCP' },
      { number: 80, name: 'grpc', protocol: 'GRPC' },
    ] as const;
    const [tcp, grpc] = [target(8080, { ports }, ports[0]), target(8080, { ports }, ports[1])];
    const earlier = target(8080, { hostname: 'a.default', name: 'z' });
    expect(servicesOf(build({ targets: [target(8080), earlier] })[0])).toEqual(['a.default', hostname]);
    for (const targets of [
      [tcp, grpc],
      [grpc, tcp],
    ])
      expect(build({ targets })[0]?.typed_extension_protocol_options).toBeUndefined();
  });

  it('take the connection pool of the rule, the Sidecar before it, and nothing else of a policy', () => {
    const rule = ruleOf({
      trafficPolicy: { connectionPool: { tcp: { maxConnections: 5 } }, outlierDetection: {}, tls: { mode: 'SIMPLE' } },
    });
    const rules = new Map([[`default/${hostname}`, rule]]);
    const [cluster] = build({ rules });
    expect(cluster?.circuit_breakers?.thresholds?.[0]?.max_connections).toEqual({ value: 5 });
    expect(cluster?.outlier_detection ?? cluster?.transport_socket).toBeUndefined();
    expect(cluster?.metadata?.filter_metadata?.['istio']?.fields?.['config']).toEqual({
      stringValue: '/apis/networking.istio.io/v1/namespaces/default/destination-rule/reviews',
    });
    const spec: Sidecar = { inboundConnectionPool: { tcp: { maxConnections: 6 } } };
    const [overridden] = build({ rules, sidecar: { name: 'default', namespace: 'default', spec } });
    expect(overridden?.circuit_breakers?.thresholds?.[0]?.max_connections).toEqual({ value: 6 });
  });

  it('do not exist for a proxy that captures nothing', () => {
    expect(build({ scope: features({ interception: 'NONE' }) })).toEqual([]);
  });
});

describe("clusters of a Sidecar's ingress", () => {
  const ingress = (defaultEndpoint: string | undefined, over: Partial<InboundClusterInput> = {}) =>
    build({
      sidecar: {
        name: 'web',
        namespace: 'default',
        spec: {
          ingress: [
            { port: { number: 80, protocol: 'HTTP', name: 'http' }, ...(defaultEndpoint === undefined ? {} : { defaultEndpoint }) },
          ],
        },
      },
      ...over,
    });

  it.each([
    ['127.0.0.1:9000', 'inbound|80|| -> 127.0.0.1:9000'],
    ['[::1]:9000', 'inbound|80|| -> 127.0.0.1:9000'],
    ['0.0.0.0:9000', 'inbound|80|| -> 10.0.0.9:9000'],
    ['[::]:9000', 'inbound|80|| -> ::1:9000'],
    ['127.0.1.5:9000', 'inbound|80|| -> 127.0.1.5:9000'],
    ['unix:///run/app.sock', 'inbound|80|| -> /run/app.sock'],
    [undefined, 'inbound|80|| -> ORIGINAL_DST'],
  ])('lead from %s: %s', (defaultEndpoint, way) => {
    expect(ways(ingress(defaultEndpoint))).toEqual([way]);
  });

  it('replace those of services, unless the flag merges them', () => {
    const targets = [target(80, { hostname: 'a', name: 'a' }), target(81, { hostname: 'b', name: 'b' })];
    expect(ways(ingress('127.0.0.1:9000', { targets }))).toEqual(['inbound|80|| -> 127.0.0.1:9000']);
    const settings = settingsOf({}, { PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: true });
    expect(ways(ingress('127.0.0.1:9000', { targets, settings }))).toEqual([
      'inbound|81|| -> ORIGINAL_DST',
      'inbound|80|| -> 127.0.0.1:9000',
    ]);
  });

  it('name the service behind the port, or none', () => {
    expect(servicesOf(ingress('127.0.0.1:9000', { targets: [target(80)] })[0])).toEqual([hostname]);
    expect(ingress('127.0.0.1:9000')[0]?.metadata).toBeUndefined();
  });

  it('work without any interception, and then connect from no special address', () => {
    const [cluster] = ingress('0.0.0.0:9000', { scope: features({ interception: 'NONE' }) });
    expect(cluster?.load_assignment?.endpoints?.[0]?.lb_endpoints?.[0]?.endpoint?.address?.socket_address).toEqual({
      address: '10.0.0.9',
      port_value: 9000,
    });
    expect(cluster?.upstream_bind_config).toBeUndefined();
    expect(ingress('0.0.0.0:9000')[0]?.upstream_bind_config).toBeDefined();
  });
});
