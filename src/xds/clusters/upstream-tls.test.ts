import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { fullyMeshedPorts } from '../../mesh/authentication/service-mutual-tls.ts';
import { ruleOf, settingsOf } from '../../mesh/traffic-policy/rule-fixture.ts';
import type { ClientTls } from '../../mesh/traffic-policy/traffic-policy.ts';
import { endpointOf, hostname, scopeOf, serviceOf } from '../endpoints/mesh-fixture.ts';
import { httpOptionsKey, type NamedCluster } from './cluster-draft.ts';
import { buildOutboundClusters, type OutboundClusterInput } from './outbound-clusters.ts';

const protos = loadProtos();

function clusterOf(tls: ClientTls | undefined, over: Partial<OutboundClusterInput> = {}): NamedCluster {
  const [cluster] = buildOutboundClusters({
    service: serviceOf(),
    rule: tls === undefined ? undefined : ruleOf({ trafficPolicy: { tls } }),
    serviceAccounts: ['spiffe://a'],
    mtls: { mode: 'PERMISSIVE', fullyMeshedPorts: [] },
    settings: settingsOf(),
    scope: scopeOf(),
    ...over,
  });
  if (cluster === undefined) throw new Error('no cluster');
  expect(protos.check('envoy.config.cluster.v3.Cluster', cluster)).toEqual([]);
  return cluster;
}

const features = (over: object) => scopeOf({ features: { ...scopeOf().features, ...over } });
const contextOf = (cluster: NamedCluster) => cluster.transport_socket?.typed_config;
const secretOf = (name: string) => expect.objectContaining({ name });

describe('automatic mutual TLS', () => {
  const matches = (over: Partial<OutboundClusterInput>) => clusterOf(undefined, over).transport_socket_matches?.map((match) => match.name);

  it('asks the metadata of each endpoint', () => {
    expect(matches({})).toEqual(['tlsMode-istio', 'tlsMode-disabled']);
  });

  it.each<[string, Partial<OutboundClusterInput>]>([
    ['towards external services', { service: serviceOf({ meshExternal: true }) }],
    ['where the mesh switches it off', { settings: settingsOf({ enableAutoMtls: false }) }],
    ['where PeerAuthentication disables mutual TLS', { mtls: { mode: 'DISABLE', fullyMeshedPorts: ['http'] } }],
    ['from a proxy without workload certificates', { scope: features({ workloadCertificates: false }) }],
  ])('is not used %s', (_name, over) => {
    expect(matches(over)).toBeUndefined();
    expect(clusterOf(undefined, over).transport_socket).toBeUndefined();
  });

  it('is for all endpoints or none behind an original destination', () => {
    const service = serviceOf({ resolution: 'Passthrough' });
    expect(clusterOf(undefined, { service }).transport_socket).toBeUndefined();
    const cluster = clusterOf(undefined, { service, mtls: { mode: 'PERMISSIVE', fullyMeshedPorts: ['http'] } });
    expect(contextOf(cluster)).toMatchObject({ sni: `outbound_.80_._.${hostname}` });
    expect(cluster.transport_socket_matches).toBeUndefined();
  });

  it('offers metadata exchange only where the Envoy has it, and HTTP/2 where it is spoken', () => {
    const expectAlpn = (over: Partial<OutboundClusterInput>, alpn: readonly string[]) => {
      const socket = clusterOf(undefined, over).transport_socket_matches?.[0]?.transport_socket;
      expect(socket?.typed_config).toMatchObject({ common_tls_context: { alpn_protocols: alpn } });
    };
    expectAlpn({ scope: features({ istioExtensions: false }) }, ['istio']);
    expectAlpn({ service: serviceOf({ ports: [{ number: 80, name: 'grpc', protocol: 'GRPC' }] }) }, ['istio-peer-exchange', 'istio', 'h2']);
  });

  it('counts a port as meshed where it has endpoints and all of them have a sidecar', () => {
    const endpoints = [
      endpointOf('10.0.0.1'),
      endpointOf('10.0.0.1', { portName: 'b' }),
      endpointOf('10.0.0.2', { portName: 'b', tlsMode: 'disabled' }),
      endpointOf('10.0.0.1', { portName: 'a' }),
    ];
    expect(fullyMeshedPorts(endpoints)).toEqual(['a', 'http']);
  });
});

describe('tls of a DestinationRule', () => {
  it('ISTIO_MUTUAL is for all endpoints, with the names and SNI of the rule where it has them', () => {
    const cluster = clusterOf({ mode: 'ISTIO_MUTUAL', sni: 'other', subjectAltNames: ['b'] });
    expect(contextOf(cluster)).toMatchObject({
      sni: 'other',
      common_tls_context: { combined_validation_context: { default_validation_context: { match_subject_alt_names: [{ exact: 'b' }] } } },
    });
    expect(cluster.transport_socket_matches).toBeUndefined();
    expect(contextOf(clusterOf({ mode: 'ISTIO_MUTUAL' }))).toMatchObject({
      sni: `outbound_.80_._.${hostname}`,
      common_tls_context: {
        combined_validation_context: { default_validation_context: { match_subject_alt_names: [{ exact: 'spiffe://a' }] } },
      },
    });
  });

  it('DISABLE and an empty mode mean plain text', () => {
    for (const tls of [{ mode: 'DISABLE' }, {}] as const) {
      const cluster = clusterOf(tls);
      expect(cluster.transport_socket ?? cluster.transport_socket_matches).toBeUndefined();
    }
  });

  it("SIMPLE checks the server against the system's roots and takes the SNI from the request", () => {
    const cluster = clusterOf({ mode: 'SIMPLE' });
    expect(contextOf(cluster)).toMatchObject({
      common_tls_context: {
        combined_validation_context: {
          default_validation_context: { match_subject_alt_names: [] },
          validation_context_sds_secret_config: secretOf('file-root:system'),
        },
      },
    });
    expect(contextOf(cluster)).not.toHaveProperty('sni');
    expect(cluster.typed_extension_protocol_options?.[httpOptionsKey]).toMatchObject({
      upstream_http_protocol_options: { auto_sni: true, auto_san_validation: true },
    });
    expect(cluster.metadata?.filter_metadata?.['istio']?.fields).toMatchObject({ alpn_override: { stringValue: 'false' } });
  });

  it('SIMPLE with an SNI asks for nothing from the request, without verification it asks for no name', () => {
    expect(clusterOf({ mode: 'SIMPLE', sni: 'a.example.com' }).typed_extension_protocol_options).toBeUndefined();
    const insecure = clusterOf({ mode: 'SIMPLE', insecureSkipVerify: true });
    expect(contextOf(insecure)).toMatchObject({ common_tls_context: { validation_context: {} } });
    expect(insecure.typed_extension_protocol_options?.[httpOptionsKey]).toMatchObject({
      upstream_http_protocol_options: { auto_sni: true },
    });
  });

  it("SIMPLE takes the names of a ServiceEntry where the rule has none, and the mesh's ciphers", () => {
    const settings = settingsOf({ tlsDefaults: { cipherSuites: ['ECDHE-ECDSA-AES256-GCM-SHA384'] } });
    expect(contextOf(clusterOf({ mode: 'SIMPLE' }, { service: serviceOf({ provider: 'External' }), settings }))).toMatchObject({
      common_tls_context: {
        tls_params: { cipher_suites: ['ECDHE-ECDSA-AES256-GCM-SHA384'] },
        combined_validation_context: { default_validation_context: { match_subject_alt_names: [{ exact: 'spiffe://a' }] } },
      },
    });
  });

  it('MUTUAL reads certificate, key and roots from files, and does nothing without a key', () => {
    const tls: ClientTls = {
      mode: 'MUTUAL',
      clientCertificate: '/c.pem',
      privateKey: '/k.pem',
      caCertificates: '/ca.pem',
      caCrl: '/crl.pem',
    };
    expect(contextOf(clusterOf(tls))).toMatchObject({
      common_tls_context: {
        tls_certificate_sds_secret_configs: [secretOf('file-cert:/c.pem~/k.pem')],
        combined_validation_context: {
          default_validation_context: { crl: { filename: '/crl.pem' } },
          validation_context_sds_secret_config: secretOf('file-root:/ca.pem'),
        },
      },
    });
    expect(clusterOf({ mode: 'MUTUAL', clientCertificate: '/c.pem' }).transport_socket).toBeUndefined();
  });

  it('a credentialName is fetched over ADS by gateways, and by sidecars only for selected workloads', () => {
    const tls: ClientTls = { mode: 'MUTUAL', credentialName: 'client' };
    const expected = {
      common_tls_context: {
        tls_certificate_sds_secret_configs: [{ name: 'kubernetes://client', sds_config: { ads: {}, resource_api_version: 'V3' } }],
        combined_validation_context: { validation_context_sds_secret_config: secretOf('kubernetes://client-cacert') },
      },
    };
    expect(contextOf(clusterOf(tls, { scope: scopeOf({ role: 'router' }) }))).toMatchObject(expected);
    expect(clusterOf(tls).transport_socket).toBeUndefined();
    const rule = ruleOf({ trafficPolicy: { tls }, workloadSelector: { matchLabels: { app: 'web' } } });
    expect(contextOf(clusterOf(tls, { rule }))).toMatchObject(expected);
  });

  it('ALPN is HTTP/2 alone where that is what goes upstream', () => {
    const service = serviceOf({ ports: [{ number: 443, name: 'grpc', protocol: 'GRPC' }] });
    expect(contextOf(clusterOf({ mode: 'SIMPLE' }, { service }))).toMatchObject({ common_tls_context: { alpn_protocols: ['h2'] } });
  });
});

describe('PROXY protocol', () => {
  const withProxy = (tls: ClientTls | undefined) =>
    clusterOf(undefined, { rule: ruleOf({ trafficPolicy: { proxyProtocol: { version: 'V2' }, ...(tls ? { tls } : {}) } }) });
  const name = 'envoy.transport_sockets.upstream_proxy_protocol';

  it('goes before TLS, or before every socket that an endpoint may match', () => {
    expect(withProxy({ mode: 'SIMPLE' }).transport_socket).toMatchObject({
      name,
      typed_config: { config: { version: 'V2' }, transport_socket: { name: 'envoy.transport_sockets.tls' } },
    });
    expect(withProxy({ mode: 'DISABLE' }).transport_socket).toMatchObject({
      name,
      typed_config: { transport_socket: { name: 'raw_buffer' } },
    });
    const matches = withProxy(undefined).transport_socket_matches ?? [];
    expect(matches.map((match) => match.transport_socket?.name)).toEqual([name, name]);
  });
});
