import type { BatchContent } from '../batch.ts';
import { fieldHeader, stringField } from '../protobuf-fields.ts';
import { Segments } from '../segments.ts';
import type { EntryHeaders } from './entry-headers.ts';

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
export function deltaSegments(headers: EntryHeaders): Segments {
  return new Segments((resources) => Buffer.concat(resources.flatMap((resource) => [headers.header(resource), resource.any])));
}
