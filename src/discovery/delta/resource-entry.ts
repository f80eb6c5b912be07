import { lengthDelimited, lengthOf } from '../../lib/wire-field.ts';
import type { EncodedResource } from '../resource-source.ts';

/** `DeltaDiscoveryResponse.resources`, and the fields of a `Resource` in it; numbers from discovery.proto. */
const entryField = 2;
const field = { version: 1, resource: 2, name: 3 } as const;

/** Bytes that a resource takes in a delta response. */
export function entryLength(resource: EncodedResource): number {
  return lengthOf(entryField, innerLength(resource));
}

/** Writes the entry of a resource at `at`; returns where it ends. */
export function writeEntry(target: Buffer, at: number, resource: EncodedResource): number {
  const { version, name, any } = resource;
  let end = lengthDelimited(target, at, entryField, innerLength(resource));
  end = writeText(target, end, field.version, version);
  end = writeText(target, end, field.name, name);
  end = lengthDelimited(target, end, field.resource, any.length);
  target.set(any, end);
  return end + any.length;
}

function innerLength({ version, name, any }: EncodedResource): number {
  return textLength(field.version, version) + textLength(field.name, name) + lengthOf(field.resource, any.length);
}

function textLength(number: number, text: string): number {
  return lengthOf(number, Buffer.byteLength(text));
}

function writeText(target: Buffer, at: number, number: number, text: string): number {
  const start = lengthDelimited(target, at, number, Buffer.byteLength(text));
  return start + target.write(text, start);
}
