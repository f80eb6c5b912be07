// DeltaDiscoveryRequest and DeltaDiscoveryResponse (envoy/service/discovery/v3/discovery.proto), in bytes.
import { bytesField, eachField, valuesAt } from './protobuf-wire.ts';

export interface DeltaRequest {
  /** An encoded Node, in the first request of a stream. */
  readonly node?: Buffer;
  readonly typeUrl: string;
  readonly subscribe?: readonly string[];
  readonly unsubscribe?: readonly string[];
  /** Answers the response with this nonce. */
  readonly nonce?: string;
}

export interface DeltaResponse {
  readonly typeUrl: string;
  readonly nonce: string;
  readonly resources: readonly { readonly name: string; readonly body: Buffer }[];
  readonly removed: readonly string[];
}

export function encodeRequest({ node, typeUrl, subscribe = [], unsubscribe = [], nonce }: DeltaRequest): Buffer {
  return Buffer.concat([
    ...(node === undefined ? [] : [bytesField(1, node)]),
    bytesField(2, typeUrl),
    ...subscribe.map((name) => bytesField(3, name)),
    ...unsubscribe.map((name) => bytesField(4, name)),
    ...(nonce === undefined ? [] : [bytesField(6, nonce)]),
  ]);
}

export function decodeResponse(message: Buffer): DeltaResponse {
  const resources: { name: string; body: Buffer }[] = [];
  const removed: string[] = [];
  const texts = new Map<number, string>();
  eachField(message, (field, value) => {
    if (typeof value === 'number') return;
    if (field === 2) resources.push(decodeResource(value));
    else if (field === 6) removed.push(value.toString());
    else texts.set(field, value.toString());
  });
  return { typeUrl: texts.get(4) ?? '', nonce: texts.get(5) ?? '', resources, removed };
}

function decodeResource(resource: Buffer): { readonly name: string; readonly body: Buffer } {
  const [name] = valuesAt(resource, [[3]]);
  const [body] = valuesAt(resource, [[2], [2]]);
  return { name: name?.toString() ?? '', body: body ?? Buffer.alloc(0) };
}
