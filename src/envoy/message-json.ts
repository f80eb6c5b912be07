import { fromStruct, fromStructValue } from '../lib/struct.ts';
import { type Field, type MessageType, messageNameOf, type ScalarType, type TypeRegistry } from './type-registry.ts';

type Plain = Readonly<Record<string, unknown>>;

/**
 * Plain messages -> the JSON of the proto3 specification, as protojson and istioctl read it: lowerCamelCase names, durations
 * as `1.500s`, wrapper values bare, 64-bit integers as text, bytes as base64, Struct as what it stands for. What is absent
 * stays absent.
 */
export class MessageJson {
  private readonly types: TypeRegistry;
  private readonly names = new Map<string, string>();
  private readonly fieldNames: 'json' | 'proto';

  /** `proto` keeps the names of the .proto files, as protojson's UseProtoNames does. */
  constructor(types: TypeRegistry, fieldNames: 'json' | 'proto' = 'json') {
    this.types = types;
    this.fieldNames = fieldNames;
  }

  toJson(type: MessageType, message: Plain): unknown {
    if (type.isAny) return this.any(message);
    const wellKnown = wellKnownTypes[type.name];
    return wellKnown ? wellKnown(message) : this.fields(type, message);
  }

  private any(message: Plain): unknown {
    const url = message['@type'];
    if (typeof url !== 'string') return unloaded(message);
    const type = this.types.find(messageNameOf(url));
    if (!type) return message;
    const isWellKnown = type.isAny || wellKnownTypes[type.name] !== undefined;
    return isWellKnown ? { '@type': url, value: this.toJson(type, message) } : { '@type': url, ...this.fields(type, message) };
  }

  private fields(type: MessageType, message: Plain): Record<string, unknown> {
    const json: Record<string, unknown> = {};
    for (const field of type.fields) {
      const value = message[field.name];
      if (value !== undefined && value !== null) json[this.nameOf(field)] = this.field(field, value);
    }
    return json;
  }

  private field(field: Field, value: unknown): unknown {
    if (field.label === 'repeated') return (value as readonly unknown[]).map((item) => this.single(field, item));
    if (field.label !== 'map') return this.single(field, value);
    const entries = Object.entries(value as Plain).filter(([, entry]) => entry !== undefined && entry !== null);
    return Object.fromEntries(entries.map(([key, entry]) => [key, this.single(field.mapValue ?? field, entry)]));
  }

  private single(field: Field, value: unknown): unknown {
    if (field.kind === 'message') return this.toJson(this.types.get(field.messageName), value as Plain);
    if (field.enumType?.name === 'google.protobuf.NullValue') return null;
    return field.kind === 'enum' ? value : scalarJson(field.scalar ?? 'bytes', value);
  }

  private nameOf(field: Field): string {
    if (this.fieldNames === 'proto') return field.name;
    const name = this.names.get(field.name) ?? jsonName(field.name);
    this.names.set(field.name, name);
    return name;
  }
}

/** protoc's rule for `json_name`. */
function jsonName(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

function unloaded(any: Plain): Plain {
  return any['type_url'] === undefined ? {} : { '@type': any['type_url'], value: scalarJson('bytes', any['value'] ?? '') };
}

const wellKnownTypes: Readonly<Record<string, (message: Plain) => unknown>> = {
  'google.protobuf.Duration': ({ seconds = 0, nanos = 0 }) => duration(BigInt(seconds as string), nanos as number),
  'google.protobuf.Timestamp': ({ seconds = 0, nanos = 0 }) => timestamp(Number(seconds), nanos as number),
  'google.protobuf.Struct': (message) => fromStruct(message),
  'google.protobuf.Value': (message) => fromStructValue(message),
  'google.protobuf.ListValue': (message) => ((message['values'] as readonly object[] | undefined) ?? []).map(fromStructValue),
  'google.protobuf.BoolValue': wrapped('bool', false),
  'google.protobuf.StringValue': wrapped('string', ''),
  'google.protobuf.BytesValue': wrapped('bytes', ''),
  'google.protobuf.Int32Value': wrapped('int32', 0),
  'google.protobuf.UInt32Value': wrapped('uint32', 0),
  'google.protobuf.Int64Value': wrapped('int64', '0'),
  'google.protobuf.UInt64Value': wrapped('uint64', '0'),
  'google.protobuf.FloatValue': wrapped('float', 0),
  'google.protobuf.DoubleValue': wrapped('double', 0),
};

function wrapped(type: ScalarType, zero: unknown): (message: Plain) => unknown {
  return ({ value }) => scalarJson(type, value ?? zero);
}

function scalarJson(type: ScalarType, value: unknown): unknown {
  switch (type) {
    case 'bytes':
      return typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('base64');
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64':
      return String(value);
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) ? shortestFloat(value) : String(value);
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : String(value);
    default:
      return value;
  }
}

/** The shortest decimal that is this single-precision number: 0.1, not 0.10000000149011612. */
function shortestFloat(value: number): number {
  const single = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return single;
}

function duration(seconds: bigint, nanos: number): string {
  const sign = seconds < 0n || nanos < 0 ? '-' : '';
  return `${sign}${seconds < 0n ? -seconds : seconds}${fraction(Math.abs(nanos))}s`;
}

function timestamp(seconds: number, nanos: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length)}${fraction(nanos)}Z`;
}

/** No digits, or 3, 6 or 9, as protojson writes them. */
function fraction(nanos: number): string {
  return nanos === 0
    ? ''
    : `.${String(nanos)
        .padStart(9, '0')
        .replace(/(000){1,2}$/, '')}`;
}
