import type { DiscoveryRequest__Output } from '../../envoy/generated/envoy/service/discovery/v3/DiscoveryRequest.ts';
import type { DiscoveryRequestBase } from '../protocol.ts';

/** A request of the state-of-the-world variant. */
export interface SotwRequest extends DiscoveryRequestBase {
  /** The whole list of what the client wants from now on. */
  readonly names: readonly string[];
}

export function readSotwRequest(message: DiscoveryRequest__Output): SotwRequest {
  return {
    typeUrl: message.type_url ?? '',
    node: message.node ?? undefined,
    nonce: message.response_nonce ?? '',
    error: message.error_detail ? (message.error_detail.message ?? '') : undefined,
    names: message.resource_names ?? [],
  };
}
