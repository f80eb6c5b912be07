import type {
  TlsParameters,
  _envoy_extensions_transport_sockets_tls_v3_TlsParameters_TlsProtocol as TlsProtocol,
} from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/TlsParameters.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { isCipherSuite } from '../../schema/parts/server-tls-checks.ts';
import type { ServerTlsSettings } from '../../schema/parts/server-tls-settings.ts';

/** The suites of mutual TLS between workloads where MeshConfig.meshMTLS names none (Istio `SupportedCiphers`). */
const meshCipherSuites: readonly string[] = [
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
];

const protocols = {
  TLSV1_0: 'TLSv1_0',
  TLSV1_1: 'TLSv1_1',
  TLSV1_2: 'TLSv1_2',
  TLSV1_3: 'TLSv1_3',
} as const satisfies Readonly<Record<string, TlsProtocol>>;

/** Versions and suites of mutual TLS between workloads. */
export function inboundTlsParameters({ config }: MeshSettings): TlsParameters {
  return {
    cipher_suites: [...(config.meshMTLS?.cipherSuites ?? meshCipherSuites)],
    tls_minimum_protocol_version: config.meshMTLS?.minProtocolVersion === 'TLSV1_3' ? 'TLSv1_3' : 'TLSv1_2',
    tls_maximum_protocol_version: 'TLSv1_3',
  };
}

/**
 * Those of a server with certificates of its own: MeshConfig.tlsDefaults, over which the server's settings go. Suites that
 * nobody knows, and repeated ones, are left out. Undefined: Envoy's own.
 */
export function serverTlsParameters(tls: ServerTlsSettings, { config }: MeshSettings): TlsParameters | undefined {
  const defaults = config.tlsDefaults;
  const suites = [...new Set(tls.cipherSuites ?? [])].filter(isCipherSuite);
  const params: TlsParameters = {
    ...listField('cipher_suites', defaults?.cipherSuites),
    ...listField('ecdh_curves', defaults?.ecdhCurves),
    ...listField('cipher_suites', suites),
    ...listField('ecdh_curves', tls.ecdhCurves),
  };
  const minimum = versionOf(tls.minProtocolVersion) ?? defaultMinimum(defaults?.minProtocolVersion);
  const maximum = versionOf(tls.maxProtocolVersion);
  if (minimum) params.tls_minimum_protocol_version = minimum;
  if (maximum) params.tls_maximum_protocol_version = maximum;
  return Object.keys(params).length === 0 ? undefined : params;
}

function defaultMinimum(version: 'TLS_AUTO' | 'TLSV1_2' | 'TLSV1_3' | undefined): TlsProtocol | undefined {
  return version === undefined || version === 'TLS_AUTO' ? undefined : protocols[version];
}

function versionOf(version: ServerTlsSettings['minProtocolVersion']): TlsProtocol | undefined {
  return version === undefined || version === 'TLS_AUTO' ? undefined : protocols[version];
}

function listField(key: 'cipher_suites' | 'ecdh_curves', values: readonly string[] | undefined): TlsParameters {
  return values === undefined || values.length === 0 ? {} : { [key]: [...values] };
}
