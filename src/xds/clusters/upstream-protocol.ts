import type { Http1ProtocolOptions } from '../../envoy/generated/envoy/config/core/v3/Http1ProtocolOptions.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { ConnectionPool } from '../../mesh/traffic-policy/traffic-policy.ts';
import { isHttp, isHttp2 } from '../../model/protocol.ts';
import type { ProxyRole } from '../../model/proxy.ts';
import type { ServicePort } from '../../model/service.ts';
import { type ClusterDraft, httpOptions } from './cluster-draft.ts';
import { typedConfig } from './typed-config.ts';

/**
 * Which HTTP version goes upstream, by the port's protocol: HTTP/2 for HTTP2 and gRPC, that of the client for ports whose
 * protocol is sniffed (never on a gateway, which would offer h2 to servers that do not have it), else Envoy's default.
 */
export function applyUpstreamProtocol(draft: ClusterDraft, port: ServicePort, role: ProxyRole, settings: MeshSettings): void {
  if (isHttp2(port.protocol)) {
    useHttp2(draft);
    return;
  }
  const isSniffed = port.protocol === 'Auto';
  if ((isHttp(port.protocol) || isSniffed) && preservesHeaderCase(settings)) {
    httpOptions(draft).explicit_http_config = { http_protocol_options: preserveCase };
  }
  if (isSniffed && (role === 'sidecar' || role === 'waypoint')) useClientProtocol(draft);
}

/** HTTP/2 by wish: of the DestinationRule for any port, of the mesh for HTTP ports only. */
export function applyH2Upgrade(draft: ClusterDraft, port: ServicePort, settings: MeshSettings, pool: ConnectionPool): void {
  if (pool.http?.useClientProtocol === true) return;
  const wish = pool.http?.h2UpgradePolicy ?? 'DEFAULT';
  const byMesh = isHttp(port.protocol) && settings.config.h2UpgradePolicy === 'UPGRADE';
  if (wish === 'UPGRADE' || (wish === 'DEFAULT' && byMesh)) useHttp2(draft);
}

/** The upstream gets the HTTP version of the client's request. */
export function useClientProtocol(draft: ClusterDraft): void {
  const options = httpOptions(draft);
  const http1 = options.explicit_http_config?.http_protocol_options ?? {};
  delete options.explicit_http_config;
  options.use_downstream_protocol_config = { http_protocol_options: http1, http2_protocol_options: {} };
}

export function preservesHeaderCase(settings: MeshSettings): boolean {
  return settings.config.defaultConfig?.proxyHeaders?.preserveHttp1HeaderCase === true;
}

/** HTTP/1.1 options that keep header names as they were written. */
export const preserveCase: Http1ProtocolOptions = {
  header_key_format: {
    stateful_formatter: {
      name: 'preserve_case',
      typed_config: typedConfig('envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig'),
    },
  },
};

function useHttp2(draft: ClusterDraft): void {
  const options = httpOptions(draft);
  if (options.explicit_http_config === undefined && options.use_downstream_protocol_config === undefined) {
    options.explicit_http_config = { http2_protocol_options: {} };
  }
}
