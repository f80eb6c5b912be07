import { type Field, type MessageType, messageNameOf, type ScalarType, type TypeRegistry } from './type-registry.ts';
import { WireReader } from './wire-reader.ts';

type Message = Record<string, unknown>;

/** As in Google's own libraries: deeper nesting is an attack, not a message. */
const maxDepth = 100;

/**
 * Bytes -> plain objects: field names as in the .proto, 64-bit integers as text, enum values as their names (a number where
 * the name is not known), absent fields absent. An Any whose type is loaded becomes `{ '@type': url, ...fields }`,
 * another one stays `{ type_url, value }`. Unknown fields are skipped.
 */
export class MessageDecoder {
  private readonly types: TypeRegistry;

  constructor(types: TypeRegistry) {
    this.types = types;
  }

  decode(type: MessageType, bytes: Uint8Array): Message {
    const reader = new WireReader(bytes);
    return this.message(type, reader, reader.length, {}, 0);
  }

  private message(type: MessageType, reader: WireReader, end: number, target: Message, depth: number): Message {
    if (depth > maxDepth) throw new RangeError(`messages are nested more than ${maxDepth} deep`);
    while (reader.position < end) {
      const tag = reader.uint32();
      const field = type.byNumber.get(tag >>> 3);
      if (!field) reader.skip(tag & 7, end);
      else this.field(type, field, reader, tag & 7, end, target, depth);
    }
    if (reader.position !== end) throw new RangeError('a field reaches past its message');
    return type.isAny ? this.expandAny(target, depth) : target;
  }

  private field(
    type: MessageType,
    field: Field,
    reader: WireReader,
    wireType: number,
    limit: number,
    target: Message,
    depth: number,
  ): void {
    const { name } = field;
    if (field.label === 'map') {
      if (wireType === 2) {
        target[name] ??= {};
        this.mapEntry(field, reader, reader.end(limit), target[name] as Message, depth);
      } else reader.skip(wireType, limit);
    } else if (field.label === 'repeated') {
      target[name] ??= [];
      const list = target[name] as unknown[];
      if (wireType === 2 && isPackable(field)) {
        const end = reader.end(limit);
        while (reader.position < end) list.push(this.scalar(field, reader, end));
      } else if (wireType === wireTypeOf(field)) list.push(this.value(field, reader, limit, undefined, depth));
      else reader.skip(wireType, limit);
    } else if (wireType === wireTypeOf(field)) {
      if (field.oneof !== undefined) clearSiblings(type, field, target);
      target[name] = this.value(field, reader, limit, target[name], depth);
    } else reader.skip(wireType, limit);
  }

  private value(field: Field, reader: WireReader, limit: number, existing: unknown, depth: number): unknown {
    if (field.kind !== 'message') return this.scalar(field, reader, limit);
    const type = this.types.get(field.messageName);
    // a message that comes twice is merged; an Any is not, its first half is already expanded
    const target = type.isAny ? {} : ((existing as Message | undefined) ?? {});
    return this.message(type, reader, reader.end(limit), target, depth + 1);
  }

  private mapEntry(field: Field, reader: WireReader, end: number, entries: Message, depth: number): void {
    let key: unknown = field.mapKey === 'string' ? '' : field.mapKey === 'bool' ? false : 0;
    let value: unknown;
    while (reader.position < end) {
      const tag = reader.uint32();
      if (tag >>> 3 === 1) key = readScalar(field.mapKey ?? 'string', reader, end);
      else if (tag >>> 3 === 2) value = this.value(field, reader, end, undefined, depth);
      else reader.skip(tag & 7, end);
    }
    value ??= this.zero(field, depth);
    // `__proto__` is a key like any other
    Object.defineProperty(entries, String(key), { value, enumerable: true, configurable: true, writable: true });
  }

  private zero(field: Field, depth: number): unknown {
    if (field.kind === 'message')
      return this.message(this.types.get(field.messageName), new WireReader(new Uint8Array()), 0, {}, depth + 1);
    return this.scalar(field, new WireReader(new Uint8Array(8)), 8);
  }

  private scalar(field: Field, reader: WireReader, limit: number): unknown {
    if (field.enumType === undefined) return readScalar(field.scalar ?? 'bytes', reader, limit);
    const number = Number(BigInt.asIntN(32, reader.uint64()));
    return field.enumType.byNumber.get(number) ?? number;
  }

  private expandAny(any: Message, depth: number): Message {
    const url = any['type_url'];
    if (typeof url !== 'string' || url === '') return any;
    const type = this.types.find(messageNameOf(url));
    if (!type) return any;
    const reader = new WireReader((any['value'] as Uint8Array | undefined) ?? new Uint8Array());
    return this.message(type, reader, reader.length, { '@type': url }, depth + 1);
  }
}

function clearSiblings(type: MessageType, field: Field, target: Message): void {
  for (const other of type.fields) if (other.oneof === field.oneof && other !== field) delete target[other.name];
}

function isPackable(field: Field): boolean {
  return field.kind === 'enum' || (field.kind === 'scalar' && field.scalar !== 'string' && field.scalar !== 'bytes');
}

function wireTypeOf(field: Field): number {
  if (field.kind === 'message') return 2;
  if (field.kind === 'enum') return 0;
  switch (field.scalar) {
    case 'string':
    case 'bytes':
      return 2;
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return 1;
    case 'float':
    case 'fixed32':
    case 'sfixed32':
      return 5;
    default:
      return 0;
  }
}

function readScalar(type: ScalarType, reader: WireReader, limit: number): unknown {
  switch (type) {
    case 'string':
      return reader.stringUntil(reader.end(limit));
    case 'bytes':
      return reader.bytesUntil(reader.end(limit));
    case 'bool':
      return reader.uint64() !== 0n;
    case 'int32':
      return Number(BigInt.asIntN(32, reader.uint64()));
    case 'uint32':
      return reader.uint32();
    case 'sint32':
      return Number(unzigzag(reader.uint64()));
    case 'fixed32':
      return reader.fixed32();
    case 'sfixed32':
      return reader.fixed32() | 0;
    case 'int64':
      return String(BigInt.asIntN(64, reader.uint64()));
    case 'uint64':
      return String(reader.uint64());
    case 'sint64':
      return String(unzigzag(reader.uint64()));
    case 'fixed64':
      return String(reader.fixed64());
    case 'sfixed64':
      return String(BigInt.asIntN(64, reader.fixed64()));
    case 'float':
      return reader.float();
    case 'double':
      return reader.double();
  }
}

function unzigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}
