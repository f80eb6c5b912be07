import { toStruct } from '../lib/struct.ts';
import { isUnset } from './is-unset.ts';
import type { JsonProblem, ReadMessage } from './json-problem.ts';
import { readScalar } from './json-scalar.ts';
import { type Field, type MessageType, messageNameOf, type TypeRegistry } from './type-registry.ts';
import { isWellKnown, readWellKnown } from './well-known-json.ts';

type Json = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** As in Google's own libraries, Envoy's too, which would refuse a whole response: deeper nesting is an attack, not a message. */
const maxDepth = 100;
const tooDeep = `is nested more than ${maxDepth} deep`;
/** JSON as messages: an object in an object is an entry of a map, in it a Value, and in that a Struct. */
const freeForms: ReadonlySet<string> = new Set(['google.protobuf.Struct', 'google.protobuf.Value', 'google.protobuf.ListValue']);
const messagesPerLevel = 3;
const typedStructUrl = 'type.googleapis.com/xds.type.v3.TypedStruct';
const typedStructs: ReadonlySet<string> = new Set(['xds.type.v3.TypedStruct', 'udpa.type.v1.TypedStruct']);
/** Stands for what could not be read. */
const omitted = Symbol('omitted');

/**
 * JSON of the proto3 mapping -> plain messages: names in snake_case and lowerCamelCase, enum values by name and number,
 * durations as text, bare wrapper values, Any with `@type`. What is unknown is left out and told, as protojson does with
 * DiscardUnknown. An Any whose type is not loaded becomes a TypedStruct, which Envoy converts by itself; so does one that holds
 * something unknown, where `keepUnknown` asks for it: what our protobufs are too old for reaches Envoy as it was written.
 */
export class MessageReader {
  private readonly types: TypeRegistry;

  constructor(types: TypeRegistry) {
    this.types = types;
  }

  read(type: MessageType, json: unknown, keepUnknown: boolean): ReadMessage {
    const problems: JsonProblem[] = [];
    const message = this.message(type, json, { path: [], problems, keepUnknown });
    return { message: message === omitted ? {} : (message as Json), problems };
  }

  private message(type: MessageType, json: unknown, at: Place): unknown {
    if (at.path.length > maxDepth) return refuse(at, tooDeep);
    if (type.isAny) return this.any(json, at);
    if (freeForms.has(type.name) && isTooDeep(json, at)) return refuse(at, tooDeep);
    const wellKnown = readWellKnown(type.name, json);
    if (wellKnown !== undefined) return 'problem' in wellKnown ? refuse(at, wellKnown.problem) : wellKnown.message;
    if (!isObject(json)) return refuse(at, `must be an object (${type.name})`);
    return this.fields(type, json, at);
  }

  private fields(type: MessageType, json: Json, at: Place): Json {
    const message: Record<string, unknown> = {};
    const oneofs = new Map<string, string>();
    for (const [name, value] of Object.entries(json)) {
      if (name === '@type') continue;
      const place = { ...at, path: [...at.path, name] };
      const field = fieldOf(type, name);
      if (field === undefined) {
        tell(place, `is no field of ${type.name}`);
        continue;
      }
      if (value === null && field.messageName !== 'google.protobuf.Value' && field.enumType?.name !== 'google.protobuf.NullValue') continue;
      if (Object.hasOwn(message, field.name)) {
        refuse(place, 'is stated twice');
        continue;
      }
      const other = field.oneof === undefined ? undefined : oneofs.get(field.oneof);
      if (other !== undefined) {
        refuse(place, `cannot stand beside ${other}`);
        continue;
      }
      if (field.oneof !== undefined) oneofs.set(field.oneof, name);
      const read = this.field(field, value, place);
      if (read !== omitted && !isUnset(field, read)) message[field.name] = read;
    }
    return message;
  }

  private field(field: Field, value: unknown, at: Place): unknown {
    if (field.label === 'repeated') {
      if (!Array.isArray(value)) return refuse(at, 'must be a list');
      return value.map((item, index) => this.single(field, item, { ...at, path: [...at.path, index] })).filter((item) => item !== omitted);
    }
    if (field.label !== 'map') return this.single(field, value, at);
    if (!isObject(value)) return refuse(at, 'must be a map');
    const entries = Object.entries(value).map(([key, entry]) => [key, this.entry(field, key, entry, at)] as const);
    return Object.fromEntries(entries.filter(([, entry]) => entry !== omitted));
  }

  private entry(field: Field, key: string, value: unknown, at: Place): unknown {
    const place = { ...at, path: [...at.path, key] };
    const keyType = field.mapKey ?? 'string';
    const asKey = keyType === 'bool' ? (key === 'true' ? true : key === 'false' ? false : key) : key;
    if (keyType !== 'string' && 'problem' in readScalar(keyType, asKey)) return refuse(place, `is no key of type ${keyType}`);
    return this.single(field.mapValue ?? field, value, place);
  }

  private single(field: Field, value: unknown, at: Place): unknown {
    if (field.kind === 'message') return this.message(this.types.messageOf(field), value, at);
    if (field.enumType === undefined) {
      const read = readScalar(field.scalar ?? 'bytes', value);
      return 'problem' in read ? refuse(at, read.problem) : read.value;
    }
    if (field.enumType.name === 'google.protobuf.NullValue') return 'NULL_VALUE';
    if (typeof value === 'number') {
      const read = readScalar('int32', value);
      return 'problem' in read ? refuse(at, read.problem) : (field.enumType.byNumber.get(value) ?? read.value);
    }
    if (typeof value !== 'string') return refuse(at, `must be a value of ${field.enumType.name}`);
    if (field.enumType.byName.has(value)) return value;
    return tell(at, `"${value}" is no value of ${field.enumType.name}`);
  }

  private any(json: unknown, at: Place): unknown {
    if (!isObject(json)) return refuse(at, 'must be an object with @type');
    const url = json['@type'];
    if (Object.keys(json).length === 0) return {};
    if (typeof url !== 'string' || url === '') return refuse(at, 'lacks @type');
    const type = this.types.find(messageNameOf(url));
    if (type === undefined) {
      tell({ ...at, path: [...at.path, '@type'] }, `${messageNameOf(url)} is not known here; it goes to Envoy as it is`);
      return typedStruct(url, json, at);
    }
    if (type.isAny) return refuse(at, 'holds another Any, which Envoy does not look into');
    const problems: JsonProblem[] = [];
    const inside = { ...at, problems };
    const message = this.typed(type, json, inside);
    const isComplete = !problems.some(({ kind }) => kind === 'unknown');
    if (typedStructs.has(type.name)) this.lookInside(json, inside);
    at.problems.push(...problems);
    if (message === omitted) return omitted;
    if (at.keepUnknown && !isComplete) return typedStruct(url, json, at);
    return { '@type': url, ...(message as Json) };
  }

  /** What a TypedStruct holds of a type that is known: Envoy would find out too. It keeps what is unknown in any case. */
  private lookInside(json: Json, at: Place): void {
    const { type_url: url, typeUrl = url, value } = json;
    const type = typeof typeUrl === 'string' ? this.types.find(messageNameOf(typeUrl)) : undefined;
    if (type !== undefined && isObject(value)) this.typed(type, value, { ...at, path: [...at.path, 'value'] });
  }

  /** The message inside of an Any; types with a JSON of their own have it under `value`. */
  private typed(type: MessageType, json: Json, at: Place): unknown {
    if (!isWellKnown(type.name)) return this.fields(type, json, at);
    return this.message(type, json['value'], { ...at, path: [...at.path, 'value'] });
  }
}

interface Place {
  readonly path: Path;
  readonly problems: JsonProblem[];
  readonly keepUnknown: boolean;
}

function refuse({ path, problems }: Place, message: string): typeof omitted {
  problems.push({ path, message, kind: 'invalid' });
  return omitted;
}

function tell({ path, problems }: Place, message: string): typeof omitted {
  problems.push({ path, message, kind: 'unknown' });
  return omitted;
}

function typedStruct(url: string, json: Json, at: Place): Json | typeof omitted {
  if (isTooDeep(json, at)) return refuse(at, tooDeep);
  const { '@type': _, ...value } = json;
  return { '@type': typedStructUrl, type_url: url, value: toStruct(value) };
}

function isTooDeep(json: unknown, { path }: Place): boolean {
  return isDeeper(json, Math.floor((maxDepth - path.length) / messagesPerLevel));
}

function isDeeper(json: unknown, levels: number): boolean {
  if (typeof json !== 'object' || json === null) return false;
  return levels <= 0 || Object.values(json).some((value) => isDeeper(value, levels - 1));
}

/** By its name in the .proto or in JSON (protoc's rule for `json_name`). */
function fieldOf(type: MessageType, name: string): Field | undefined {
  const known = type.byName.get(name);
  if (known !== undefined || !/[A-Z]/.test(name)) return known;
  return type.fields.find((field) => jsonName(field.name) === name);
}

function jsonName(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
