import type { DiscoveryRequest__Output } from '../../envoy/generated/envoy/service/discovery/v3/DiscoveryRequest.ts';
import type { DiscoveryRequestBase, ProtocolOptions } from '../protocol.ts';
import { type RequestedNames, RequestedNamesReader } from '../requested-names.ts';
import { splitField } from '../split-field.ts';

/** A request of the state-of-the-world variant. */
export interface SotwRequest extends DiscoveryRequestBase {
  /** The whole list of what the client wants from now on. */
  readonly names: RequestedNames;
}

/** `resource_names` of `envoy.service.discovery.v3.DiscoveryRequest`; number from discovery.proto. */
const namesField = 3;

/** Decodes requests; lists of names only where no client has sent the same one before. */
export function sotwRequestReader(decodeMessage: ProtocolOptions['decodeMessage']): (bytes: Buffer) => SotwRequest {
  const decode = (bytes: Buffer) => decodeMessage<DiscoveryRequest__Output>('envoy.service.discovery.v3.DiscoveryRequest', bytes);
  const lists = new RequestedNamesReader((bytes) => decode(bytes).resource_names ?? []);
  return (bytes) => {
    const { field, rest } = splitField(bytes, namesField);
    const message = decode(rest);
    return {
      typeUrl: message.type_url ?? '',
      node: message.node ?? undefined,
      nonce: message.response_nonce ?? '',
      error: message.error_detail ? (message.error_detail.message ?? '') : undefined,
      names: lists.read(field),
    };
  };
}
