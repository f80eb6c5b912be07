import type { FilterChain } from '../../../src/envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { HttpConnectionManager } from '../../../src/envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import type { TcpProxy } from '../../../src/envoy/generated/envoy/extensions/filters/network/tcp_proxy/v3/TcpProxy.ts';
import type { DownstreamTlsContext } from '../../../src/envoy/generated/envoy/extensions/transport_sockets/tls/v3/DownstreamTlsContext.ts';
import type { TlsCheck } from './case.ts';

/** The parts of a filter chain that stand in it as Any. */

export function connectionManagerOf(chain: FilterChain): HttpConnectionManager | undefined {
  return networkFilter(chain, '.HttpConnectionManager') as HttpConnectionManager | undefined;
}

export function tcpProxyOf(chain: FilterChain): TcpProxy | undefined {
  return networkFilter(chain, '.TcpProxy') as TcpProxy | undefined;
}

export function tlsContextOf(chain: FilterChain): DownstreamTlsContext | undefined {
  return (chain.transport_socket?.typed_config ?? undefined) as DownstreamTlsContext | undefined;
}

/** What disagrees between a chain's TLS and what is asked of it. */
export function tlsDisagreements(chain: FilterChain | undefined, check: TlsCheck): readonly string[] {
  const tls = chain && tlsContextOf(chain);
  const [secret] = tls?.common_tls_context?.tls_certificate_sds_secret_configs ?? [];
  const grpc = secret?.sds_config?.api_config_source?.grpc_services?.[0]?.envoy_grpc;
  const found: TlsCheck = {
    firstSdsSecretName: secret?.name ?? '',
    requireClientCertificate: isTrue(tls?.require_client_certificate),
    firstSdsGrpcClusterName: grpc?.cluster_name ?? '',
  };
  return (Object.keys(found) as (keyof TlsCheck)[])
    .filter((key) => check[key] !== undefined && check[key] !== found[key])
    .map((key) => `${key}: want ${String(check[key])}, have ${String(found[key])}`);
}

export function isTrue(wrapper: { readonly value?: boolean } | null | undefined): boolean {
  return wrapper?.value === true;
}

function networkFilter(chain: FilterChain, suffix: string): unknown {
  return chain.filters
    ?.map(({ typed_config }) => typed_config as { readonly '@type'?: string } | null | undefined)
    .find((config) => config?.['@type']?.endsWith(suffix));
}
