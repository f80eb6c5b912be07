import type { BatchContent } from '../batch.ts';
import { fieldHeader, stringField } from '../protobuf-fields.ts';

/** `envoy.service.discovery.v3.DiscoveryResponse` without nonce; numbers from discovery.proto. */
const field = { versionInfo: 1, resources: 2, typeUrl: 4, controlPlane: 6 } as const;

/** Encodes a response but for its nonce. `controlPlane` is an encoded `core.v3.ControlPlane`, or empty. */
export function encodeSotwBody(content: BatchContent, controlPlane: Buffer): Buffer {
  const parts: Uint8Array[] = [stringField(field.versionInfo, content.version)];
  for (const resource of content.resources) parts.push(fieldHeader(field.resources, resource.any.length), resource.any);
  parts.push(stringField(field.typeUrl, content.typeUrl));
  if (controlPlane.length > 0) parts.push(fieldHeader(field.controlPlane, controlPlane.length), controlPlane);
  return Buffer.concat(parts);
}
