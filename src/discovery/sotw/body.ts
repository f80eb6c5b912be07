import type { BatchContent } from '../batch.ts';
import { fieldHeader, stringField } from '../protobuf-fields.ts';
import { Segments } from '../segments.ts';

/** `envoy.service.discovery.v3.DiscoveryResponse` without nonce; numbers from discovery.proto. */
const field = { versionInfo: 1, resources: 2, typeUrl: 4, controlPlane: 6 } as const;

/** What bodies are made with: `controlPlane` is an encoded `core.v3.ControlPlane`, or empty. */
export interface SotwEncoding {
  readonly controlPlane: Buffer;
  readonly segments: Segments;
}

/** Encodes a response but for its nonce. */
export function encodeSotwBody(content: BatchContent, { controlPlane, segments }: SotwEncoding): readonly Buffer[] {
  const rest = [stringField(field.versionInfo, content.version), stringField(field.typeUrl, content.typeUrl)];
  if (controlPlane.length > 0) rest.push(fieldHeader(field.controlPlane, controlPlane.length), controlPlane);
  return [...segments.parts(content.resources), Buffer.concat(rest)];
}

/** Encodes the entries of resources. */
export function sotwSegments(): Segments {
  return new Segments((resources) => Buffer.concat(resources.flatMap(({ any }) => [fieldHeader(field.resources, any.length), any])));
}
