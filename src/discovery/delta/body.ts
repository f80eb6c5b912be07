import type { BatchContent } from '../batch.ts';
import { fieldHeader, stringField } from '../protobuf-fields.ts';
import type { EntryHeaders } from './entry-headers.ts';

/** `envoy.service.discovery.v3.DeltaDiscoveryResponse` without nonce; numbers from discovery.proto. */
const field = { systemVersionInfo: 1, typeUrl: 4, removedResources: 6, controlPlane: 7 } as const;

/** What bodies are made with: `controlPlane` is an encoded `core.v3.ControlPlane`, or empty. */
export interface DeltaEncoding {
  readonly controlPlane: Buffer;
  readonly headers: EntryHeaders;
}

/** Encodes a response but for its nonce. */
export function encodeDeltaBody(content: BatchContent, { controlPlane, headers }: DeltaEncoding): Buffer {
  const parts: Uint8Array[] = [stringField(field.systemVersionInfo, content.version)];
  for (const resource of content.resources) parts.push(headers.header(resource), resource.any);
  parts.push(stringField(field.typeUrl, content.typeUrl));
  for (const name of content.removed) parts.push(stringField(field.removedResources, name));
  if (controlPlane.length > 0) parts.push(fieldHeader(field.controlPlane, controlPlane.length), controlPlane);
  return Buffer.concat(parts);
}
