import type { DeltaDiscoveryRequest__Output } from '../envoy/generated/envoy/service/discovery/v3/DeltaDiscoveryRequest.ts';
import type { DiscoveryRequest__Output } from '../envoy/generated/envoy/service/discovery/v3/DiscoveryRequest.ts';

/** The two request messages as protobuf decodes them; responses are framed by hand around shared bytes. */
export interface RequestDecoders {
  readonly sotw: (bytes: Buffer) => DiscoveryRequest__Output;
  readonly delta: (bytes: Buffer) => DeltaDiscoveryRequest__Output;
}
