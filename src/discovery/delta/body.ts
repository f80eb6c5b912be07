import type { BatchContent } from '../batch.ts';
import { fieldHeader, stringField } from '../protobuf-fields.ts';
import { Segments } from '../segments.ts';
import { entryLength, writeEntry } from './resource-entry.ts';

/** `envoy.service.discovery.v3.DeltaDiscoveryResponse` without nonce; numbers from discovery.proto. */
const field = { systemVersionInfo: 1, typeUrl: 4, removedResources: 6, controlPlane: 7 } as const;

/** What bodies are made with: `controlPlane` is an encoded `core.v3.ControlPlane`, or empty. */
export interface DeltaEncoding {
  readonly controlPlane: Buffer;
  readonly segments: Segments;
}

/** Encodes a response but for its nonce. */
export function encodeDeltaBody(content: BatchContent, { controlPlane, segments }: DeltaEncoding): readonly Buffer[] {
  const rest = [stringField(field.systemVersionInfo, content.version), stringField(field.typeUrl, content.typeUrl)];
  for (const name of content.removed) rest.push(stringField(field.removedResources, name));
  if (controlPlane.length > 0) rest.push(fieldHeader(field.controlPlane, controlPlane.length), controlPlane);
  return [...segments.parts(content.resources), Buffer.concat(rest)];
}

/** Encodes the entries of resources. */
export function deltaSegments(): Segments {
  return new Segments((resources) => {
    const bytes = Buffer.allocUnsafeSlow(resources.reduce((sum, resource) => sum + entryLength(resource), 0));
    let at = 0;
    for (const resource of resources) at = writeEntry(bytes, at, resource);
    return bytes;
  });
}
