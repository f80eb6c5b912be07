import { toStruct } from '../lib/struct.ts';
import { compareText } from '../model/config-object.ts';
import type { Field, MessageType, ScalarType, TypeRegistry } from './type-registry.ts';
import { WireWriter } from './wire-writer.ts';

type Plain = Readonly<Record<string, unknown>>;

const typedStruct = 'xds.type.v3.TypedStruct';
const typedStructUrl = `type.googleapis.com/${typedStruct}`;

/**
 * Plain objects -> bytes. Equal messages give equal bytes: fields in the order of their numbers, map entries in the order
 * of their keys, zero values left out where presence is not tracked. Nothing is dropped silently: an unknown field, enum
 * value or wrong type throws.
 */
export class MessageEncoder {
  private readonly types: TypeRegistry;
  private readonly writer = new WireWriter();
  /** Fields of the messages that are being written, and their values; the highest number of each message comes last. */
  private readonly pending: Field[] = [];
  private readonly values: unknown[] = [];

  constructor(types: TypeRegistry) {
    this.types = types;
  }

  encode(type: MessageType, message: Plain): Uint8Array {
    this.writer.reset();
    this.pending.length = 0;
    this.values.length = 0;
    this.message(type, message, false);
    return this.writer.finish();
  }

  private message(type: MessageType, message: Plain, typed: boolean): void {
    if (typeof message !== 'object' || Array.isArray(message)) throw new TypeError(`${type.name}: not a message`);
    if (type.isAny && message['@type'] !== undefined) {
      this.any(message);
      return;
    }
    const { pending, values } = this;
    const base = pending.length;
    for (const key in message) {
      const value = message[key];
      if (value === undefined || value === null) continue;
      const field = type.byName.get(key);
      if (field === undefined) {
        if (typed && key === '@type') continue;
        throw new TypeError(`${type.name} has no field ${key}`);
      }
      let at = pending.length;
      pending.push(field);
      values.push(value);
      for (; at > base; at--) {
        const before = pending[at - 1];
        if (before === undefined || before.number < field.number) break;
        pending[at] = before;
        values[at] = values[at - 1];
      }
      pending[at] = field;
      values[at] = value;
    }
    while (pending.length > base) {
      const field = pending.pop();
      const value = values.pop();
      if (field !== undefined) this.field(field, value);
    }
  }

  /** `{ '@type': url, ...fields }`; a type that is not loaded goes out as TypedStruct, which Envoy converts by itself. */
  private any(message: Plain): void {
    const url = message['@type'];
    if (typeof url !== 'string') throw new TypeError('@type is not text');
    const type = this.types.findByUrl(url);
    const before = this.writer.length;
    if (type) this.message(type, message, true);
    else this.message(this.types.get(typedStruct), typedStructOf(url, message), false);
    const size = this.writer.length - before;
    if (size > 0) {
      this.writer.varint(size);
      this.writer.tag(2, 2);
    }
    this.string(type ? url : typedStructUrl);
    this.writer.tag(1, 2);
  }

  private field(field: Field, value: unknown): void {
    if (field.label === 'single') {
      if (field.explicit || field.kind === 'message' || !isZero(field, value)) this.single(field, value);
    } else if (field.label === 'map') this.map(field, value);
    else this.repeated(field, value);
  }

  private single(field: Field, value: unknown): void {
    if (field.kind === 'message') {
      const before = this.writer.length;
      this.message(this.types.messageOf(field), value as Plain, false);
      this.writer.varint(this.writer.length - before);
      this.writer.tag(field.number, 2);
    } else this.writer.tag(field.number, this.scalar(field, value));
  }

  private repeated(field: Field, values: unknown): void {
    if (!Array.isArray(values)) throw new TypeError(`${field.name}: not a list`);
    const packed = field.kind === 'enum' || (field.kind === 'scalar' && field.scalar !== 'string' && field.scalar !== 'bytes');
    const before = this.writer.length;
    for (let i = values.length - 1; i >= 0; i--) {
      if (packed) this.scalar(field, values[i]);
      else this.single(field, values[i]);
    }
    if (!packed || values.length === 0) return;
    this.writer.varint(this.writer.length - before);
    this.writer.tag(field.number, 2);
  }

  private map(field: Field, entries: unknown): void {
    const { mapKey = 'string', mapValue } = field;
    if (mapValue === undefined || typeof entries !== 'object' || entries === null || Array.isArray(entries))
      throw new TypeError(`${field.name}: not a map`);
    const keys = Object.keys(entries);
    if (keys.length > 1) keys.sort(compareText);
    for (let i = keys.length - 1; i >= 0; i--) {
      const key = keys[i] ?? '';
      const value = (entries as Plain)[key];
      if (value === undefined || value === null) continue;
      const before = this.writer.length;
      this.single(mapValue, value);
      this.writer.tag(1, this.plainScalar(mapKey, mapKey === 'bool' ? key === 'true' : key));
      this.writer.varint(this.writer.length - before);
      this.writer.tag(field.number, 2);
    }
  }

  /** Writes the value and returns its wire type. */
  private scalar(field: Field, value: unknown): number {
    if (field.enumType === undefined) return this.plainScalar(field.scalar ?? 'bytes', value);
    const number = typeof value === 'number' ? value : field.enumType.byName.get(value as string);
    if (number === undefined) throw new TypeError(`${field.enumType.name} has no value ${String(value)}`);
    this.integer(number);
    return 0;
  }

  private plainScalar(type: ScalarType, value: unknown): number {
    switch (type) {
      case 'string':
        if (typeof value !== 'string') throw new TypeError('not text');
        this.string(value);
        return 2;
      case 'bytes':
        this.bytes(value);
        return 2;
      case 'bool':
        if (typeof value !== 'boolean') throw new TypeError('not a boolean');
        this.writer.varint(value ? 1 : 0);
        return 0;
      case 'double':
        this.writer.double(float(value));
        return 1;
      case 'float':
        this.writer.float(float(value));
        return 5;
      case 'fixed32':
      case 'sfixed32':
        this.writer.fixed32(Number(integer(value)));
        return 5;
      case 'fixed64':
      case 'sfixed64':
        this.writer.fixed64(BigInt(integer(value)));
        return 1;
      case 'sint32':
      case 'sint64':
        this.writer.varint64(zigzag(BigInt(integer(value))));
        return 0;
      case 'uint32':
        this.integer(inRange(integer(value), 0, 0xffffffff));
        return 0;
      case 'int32':
        this.integer(inRange(integer(value), -0x80000000, 0x7fffffff));
        return 0;
      default:
        this.integer(integer(value));
        return 0;
    }
  }

  private integer(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0) this.writer.varint(value);
    else this.writer.varint64(BigInt(value));
  }

  private string(value: string): void {
    const before = this.writer.length;
    this.writer.string(value);
    this.writer.varint(this.writer.length - before);
  }

  private bytes(value: unknown): void {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : value;
    if (!(bytes instanceof Uint8Array)) throw new TypeError('not bytes');
    this.writer.bytes(bytes);
    this.writer.varint(bytes.length);
  }
}

function typedStructOf(url: string, message: Plain): Plain {
  const { '@type': _, ...value } = message;
  return { type_url: url, value: toStruct(value) };
}

function isZero(field: Field, value: unknown): boolean {
  if (value === 0 || value === false || value === '') return !Object.is(value, -0);
  if (typeof value === 'string') {
    if (field.kind === 'enum') return field.enumType?.byName.get(value) === 0;
    return field.scalar !== 'string' && value === '0';
  }
  return value === 0n || (field.scalar === 'bytes' && (value as Uint8Array).length === 0);
}

function float(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw new TypeError('not a number');
}

/** 64-bit integers may be text, as the decoder gives them. */
function integer(value: unknown): number | bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : BigInt(value);
  }
  throw new TypeError('not an integer');
}

function inRange(value: number | bigint, min: number, max: number): number | bigint {
  if (value < min || value > max) throw new TypeError(`${value} does not fit`);
  return value;
}

function zigzag(value: bigint): bigint {
  return (value << 1n) ^ (value >> 63n);
}
