import { fieldHeader, stringField } from '../protobuf-fields.ts';
import type { EncodedResource } from '../resource-source.ts';

/** `envoy.service.discovery.v3.Resource`; numbers from discovery.proto. */
const field = { version: 1, resource: 2, name: 3 } as const;

/** Everything of a `Resource` entry that comes before the resource's own bytes: made once per resource. */
export class EntryHeaders {
  private readonly headers = new WeakMap<EncodedResource, Buffer>();

  /** Bytes that the resource takes in a response. */
  lengthOf(resource: EncodedResource): number {
    return this.header(resource).length + resource.any.length;
  }

  /** The entry begins with `entryField`, the field of the message that holds it. */
  header(resource: EncodedResource): Buffer {
    let header = this.headers.get(resource);
    if (!header) {
      const inner = Buffer.concat([
        stringField(field.version, resource.version),
        stringField(field.name, resource.name),
        fieldHeader(field.resource, resource.any.length),
      ]);
      header = Buffer.concat([fieldHeader(entryField, inner.length + resource.any.length), inner]);
      this.headers.set(resource, header);
    }
    return header;
  }
}

/** `DeltaDiscoveryResponse.resources`. */
const entryField = 2;
