import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { testSettings } from '../../mesh/routing/routing-fixtures.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import type { ServerTlsSettings } from '../../schema/parts/server-tls-settings.ts';
import { sidecarScope } from '../routes/route-fixtures.ts';
import { buildInboundMtlsContext, buildServerTlsContext, type ServerTlsInput } from './downstream-tls.ts';
import { settingsWith } from './listener-fixtures.ts';

const protos = loadProtos();
const type = 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';
const agent = (name: string) => ({
  name,
  sds_config: { api_config_source: { grpc_services: [{ envoy_grpc: { cluster_name: 'sds-grpc' } }] } },
});
const ads = (name: string) => ({ name, sds_config: { ads: {} } });

function inbound(kind: 'http' | 'tcp', config: MeshConfig = {}, features: Partial<typeof sidecarScope.features> = {}) {
  const scope = { features: { ...sidecarScope.features, ...features } };
  const context = buildInboundMtlsContext(kind, settingsWith(config), scope);
  expect(protos.check(type, context)).toEqual([]);
  return context;
}

function server(tls: ServerTlsSettings, more: Partial<ServerTlsInput> = {}) {
  const context = buildServerTlsContext({ tls, settings: testSettings, scope: sidecarScope, ...more });
  if (context !== undefined) expect(protos.check(type, context)).toEqual([]);
  return context;
}

describe('buildInboundMtlsContext', () => {
  it("asks clients for a certificate of the mesh's trust domains", () => {
    expect(inbound('http')).toMatchObject({
      require_client_certificate: { value: true },
      common_tls_context: {
        alpn_protocols: ['h2', 'http/1.1'],
        tls_params: {
          tls_minimum_protocol_version: 'TLSv1_2',
          tls_maximum_protocol_version: 'TLSv1_3',
          cipher_suites: [
            'ECDHE-ECDSA-AES256-GCM-SHA384',
            'ECDHE-RSA-AES256-GCM-SHA384',
            'ECDHE-ECDSA-AES128-GCM-SHA256',
            'ECDHE-RSA-AES128-GCM-SHA256',
            'AES256-GCM-SHA384',
            'AES128-GCM-SHA256',
          ],
        },
        tls_certificate_sds_secret_configs: [agent('default')],
        combined_validation_context: {
          default_validation_context: { match_subject_alt_names: [{ prefix: 'spiffe://cluster.local/' }] },
          validation_context_sds_secret_config: agent('ROOTCA'),
        },
      },
    });
  });

  it('lets peers exchange metadata on byte streams, where the proxy can', () => {
    expect(inbound('tcp').common_tls_context?.alpn_protocols).toEqual(['istio-peer-exchange', 'h2', 'http/1.1']);
    expect(inbound('tcp', {}, { istioExtensions: false }).common_tls_context?.alpn_protocols).toEqual(['h2', 'http/1.1']);
  });

  it('takes versions, suites and trust domains from the mesh, each domain once', () => {
    const config: MeshConfig = {
      meshMTLS: { minProtocolVersion: 'TLSV1_3', cipherSuites: ['AES128-GCM-SHA256'] },
      trustDomainAliases: ['old', 'cluster.local'],
      caCertificates: [{ trustDomains: ['partner', 'old'] }],
    };
    expect(inbound('http', config).common_tls_context).toMatchObject({
      tls_params: { tls_minimum_protocol_version: 'TLSv1_3', cipher_suites: ['AES128-GCM-SHA256'] },
      combined_validation_context: {
        default_validation_context: {
          match_subject_alt_names: ['cluster.local', 'old', 'partner'].map((domain) => ({ prefix: `spiffe://${domain}/` })),
        },
      },
    });
  });
});

describe('buildServerTlsContext', () => {
  it.each(['PASSTHROUGH', 'AUTO_PASSTHROUGH', undefined] as const)('%s does not end TLS', (mode) => {
    expect(server(mode === undefined ? {} : { mode })).toBeUndefined();
  });

  it.each<[ServerTlsSettings, boolean, string[], string | undefined]>([
    [{ mode: 'SIMPLE', credentialName: 'web' }, false, ['kubernetes://web'], undefined],
    [{ mode: 'MUTUAL', credentialName: 'web' }, true, ['kubernetes://web'], 'kubernetes://web-cacert'],
    [{ mode: 'OPTIONAL_MUTUAL', credentialName: 'web' }, false, ['kubernetes://web'], 'kubernetes://web-cacert'],
    [{ mode: 'MUTUAL', credentialNames: ['rsa', 'ecdsa'] }, true, ['kubernetes://rsa', 'kubernetes://ecdsa'], 'kubernetes://rsa-cacert'],
    [{ mode: 'MUTUAL', credentialName: 'web', caCertCredentialName: 'configmap://ca' }, true, ['kubernetes://web'], 'configmap://ca'],
  ])('%j: secrets of the control plane', (tls, required, certificates, root) => {
    const context = server(tls);
    expect(context?.require_client_certificate).toEqual({ value: required });
    expect(context?.common_tls_context).toMatchObject({ tls_certificate_sds_secret_configs: certificates.map(ads) });
    const validation = context?.common_tls_context?.combined_validation_context;
    if (root === undefined) expect(validation).toBeUndefined();
    else expect(validation).toMatchObject({ validation_context_sds_secret_config: ads(root) });
  });

  it.each<[ServerTlsSettings, string[], string | undefined]>([
    [{ mode: 'SIMPLE', serverCertificate: '/c', privateKey: '/k' }, ['file-cert:/c~/k'], undefined],
    [{ mode: 'MUTUAL', serverCertificate: '/c', privateKey: '/k', caCertificates: '/ca' }, ['file-cert:/c~/k'], 'file-root:/ca'],
    [
      {
        mode: 'SIMPLE',
        tlsCertificates: [
          { serverCertificate: '/c', privateKey: '/k' },
          { serverCertificate: '/d', privateKey: '/l' },
        ],
      },
      ['file-cert:/c~/k', 'file-cert:/d~/l'],
      undefined,
    ],
    [{ mode: 'ISTIO_MUTUAL' }, ['default'], 'ROOTCA'],
  ])('%j: what the agent serves', (tls, certificates, root) => {
    const common = server(tls)?.common_tls_context;
    expect(common).toMatchObject({ tls_certificate_sds_secret_configs: certificates.map(agent) });
    expect(common?.combined_validation_context?.validation_context_sds_secret_config?.name).toBe(root);
  });

  it('ISTIO_MUTUAL requires a certificate, and is not possible without one of our own', () => {
    expect(server({ mode: 'ISTIO_MUTUAL' })?.require_client_certificate).toEqual({ value: true });
    const scope = { features: { ...sidecarScope.features, workloadCertificates: false } };
    expect(server({ mode: 'ISTIO_MUTUAL' }, { scope })).toBeUndefined();
    expect(server({ mode: 'ISTIO_MUTUAL' }, { isTcp: true })?.common_tls_context?.alpn_protocols).toContain('istio-peer-exchange');
    expect(server({ mode: 'SIMPLE' }, { isTcp: true })?.common_tls_context?.alpn_protocols).toEqual(['h2', 'http/1.1']);
  });

  it('verifies clients as the server says', () => {
    const checks = { subjectAltNames: ['a.com'], verifyCertificateHash: ['h'], verifyCertificateSpki: ['s'], insecureSkipVerify: true };
    const context = server({ mode: 'MUTUAL', credentialName: 'web', ...checks });
    expect(context?.common_tls_context?.combined_validation_context?.default_validation_context).toEqual({
      match_subject_alt_names: [{ exact: 'a.com' }],
      verify_certificate_hash: ['h'],
      verify_certificate_spki: ['s'],
      trust_chain_verification: 'ACCEPT_UNTRUSTED',
    });
    const files = { mode: 'MUTUAL', serverCertificate: '/c', privateKey: '/k', caCertificates: '/ca', caCrl: '/crl' } as const;
    expect(server(files)?.common_tls_context?.combined_validation_context?.default_validation_context).toMatchObject({
      crl: { filename: '/crl' },
    });
  });

  it("takes parameters of the server over the mesh's, and leaves out suites that nobody knows", () => {
    const params = (tls: ServerTlsSettings, settings: MeshSettings = testSettings) =>
      server({ mode: 'SIMPLE', credentialName: 'web', ...tls }, { settings })?.common_tls_context?.tls_params;
    const defaults = settingsWith({
      tlsDefaults: { minProtocolVersion: 'TLSV1_2', ecdhCurves: ['P-256'], cipherSuites: ['AES128-GCM-SHA256'] },
    });
    expect(params({})).toBeUndefined();
    expect(params({}, defaults)).toEqual({
      tls_minimum_protocol_version: 'TLSv1_2',
      ecdh_curves: ['P-256'],
      cipher_suites: ['AES128-GCM-SHA256'],
    });
    const own: ServerTlsSettings = {
      minProtocolVersion: 'TLSV1_1',
      maxProtocolVersion: 'TLSV1_3',
      cipherSuites: ['AES256-GCM-SHA384', 'BOGUS', 'AES256-GCM-SHA384'],
    };
    expect(params(own, defaults)).toEqual({
      tls_minimum_protocol_version: 'TLSv1_1',
      tls_maximum_protocol_version: 'TLSv1_3',
      ecdh_curves: ['P-256'],
      cipher_suites: ['AES256-GCM-SHA384'],
    });
    expect(server({ mode: 'ISTIO_MUTUAL' }, { settings: defaults })?.common_tls_context).not.toHaveProperty('tls_params');
  });
});
