import type { DeltaDiscoveryRequest__Output } from '../../envoy/generated/envoy/service/discovery/v3/DeltaDiscoveryRequest.ts';
import type { DiscoveryRequestBase, ProtocolOptions } from '../protocol.ts';
import { type RequestedNames, RequestedNamesReader } from '../requested-names.ts';
import { splitField } from '../split-field.ts';

/** A request of the delta variant. */
export interface DeltaRequest extends DiscoveryRequestBase {
  readonly subscribe: RequestedNames;
  readonly unsubscribe: readonly string[];
  /** Names and versions of what a reconnecting client still holds; read with the first request of a type only. */
  readonly initialVersions: ReadonlyMap<string, string>;
}

/** `resource_names_subscribe` of `envoy.service.discovery.v3.DeltaDiscoveryRequest`; number from discovery.proto. */
const subscribeField = 3;

/** Decodes requests; long lists of names once for clients that are alike. */
export function deltaRequestReader(decodeMessage: ProtocolOptions['decodeMessage']): (bytes: Buffer) => DeltaRequest {
  const decode = (bytes: Buffer) => decodeMessage<DeltaDiscoveryRequest__Output>('envoy.service.discovery.v3.DeltaDiscoveryRequest', bytes);
  const lists = new RequestedNamesReader((bytes) => decode(bytes).resource_names_subscribe ?? []);
  return (bytes) => {
    const { field, rest } = splitField(bytes, subscribeField);
    const message = decode(rest);
    return {
      typeUrl: message.type_url ?? '',
      node: message.node ?? undefined,
      nonce: message.response_nonce ?? '',
      error: message.error_detail ? (message.error_detail.message ?? '') : undefined,
      subscribe: lists.read(field),
      unsubscribe: message.resource_names_unsubscribe ?? [],
      initialVersions: new Map(Object.entries(message.initial_resource_versions ?? {})),
    };
  };
}
