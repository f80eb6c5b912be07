import type { GrpcService } from '../../envoy/generated/envoy/config/core/v3/GrpcService.ts';
import type { ProviderTarget } from '../../mesh/telemetry/resolved-telemetry.ts';
import { outboundClusterName } from '../names.ts';

/** The cluster of a provider's service. */
export function providerCluster({ hostname, port }: ProviderTarget): string {
  return outboundClusterName(port, '', hostname);
}

/** A gRPC service of the mesh. */
export function envoyGrpc(target: ProviderTarget): GrpcService {
  return { envoy_grpc: { cluster_name: providerCluster(target), authority: target.hostname } };
}
