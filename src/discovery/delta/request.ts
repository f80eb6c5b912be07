import type { DeltaDiscoveryRequest__Output } from '../../envoy/generated/envoy/service/discovery/v3/DeltaDiscoveryRequest.ts';
import type { DiscoveryRequestBase } from '../protocol.ts';

/** A request of the delta variant. */
export interface DeltaRequest extends DiscoveryRequestBase {
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
  /** Names and versions of what a reconnecting client still holds; read with the first request of a type only. */
  readonly initialVersions: ReadonlyMap<string, string>;
}

export function readDeltaRequest(message: DeltaDiscoveryRequest__Output): DeltaRequest {
  return {
    typeUrl: message.type_url ?? '',
    node: message.node ?? undefined,
    nonce: message.response_nonce ?? '',
    error: message.error_detail ? (message.error_detail.message ?? '') : undefined,
    subscribe: message.resource_names_subscribe ?? [],
    unsubscribe: message.resource_names_unsubscribe ?? [],
    initialVersions: new Map(Object.entries(message.initial_resource_versions ?? {})),
  };
}
