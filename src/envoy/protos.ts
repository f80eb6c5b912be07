import { ConstraintChecker, type ConstraintFault } from './constraint-checker.ts';
import { constraintJson } from './generated/constraints.ts';
import { descriptorJson } from './generated/descriptors.ts';
import type { ReadMessage } from './json-problem.ts';
import { MessageChecker } from './message-checker.ts';
import { MessageDecoder } from './message-decoder.ts';
import { MessageEncoder } from './message-encoder.ts';
import { MessageJson } from './message-json.ts';
import { type ListMerge, MessageMerger } from './message-merger.ts';
import { MessageReader } from './message-reader.ts';
import { type MethodDescriptor, TypeRegistry } from './type-registry.ts';

/** A message as plain data: field names as in the .proto, Any as `{ '@type': url, ...fields }`. */
export type PlainMessage = Readonly<Record<string, unknown>>;

/** A plain message with its type URL: what goes into an Any. */
export interface TypedMessage {
  readonly '@type': string;
}

/** One method of a gRPC service, in the shape of grpc-js's `MethodDefinition`. */
export interface ProtoMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly originalName: string;
  requestSerialize(message: object): Buffer;
  requestDeserialize(bytes: Buffer): Record<string, unknown>;
  responseSerialize(message: object): Buffer;
  responseDeserialize(bytes: Buffer): Record<string, unknown>;
}

/** The codec of every message that Coxswain speaks. Created once at the composition root and handed down. */
export class EnvoyProtos {
  private readonly types: TypeRegistry;
  private readonly encoder: MessageEncoder;
  private readonly decoder: MessageDecoder;
  private readonly checker: MessageChecker;
  private readonly reader: MessageReader;
  private readonly merger: MessageMerger;
  private constraints: ConstraintChecker | undefined;
  private readonly json: Readonly<Record<'json' | 'proto', MessageJson>>;

  constructor(types: TypeRegistry) {
    this.types = types;
    this.encoder = new MessageEncoder(types);
    this.decoder = new MessageDecoder(types);
    this.checker = new MessageChecker(types);
    this.reader = new MessageReader(types);
    this.merger = new MessageMerger(types);
    this.json = { json: new MessageJson(types), proto: new MessageJson(types, 'proto') };
  }

  /** Bytes of the message; equal messages give equal bytes. Throws with every path at fault when it does not fit its type. */
  encode(typeName: string, message: object): Uint8Array {
    try {
      return this.encoder.encode(this.types.get(typeName), message as PlainMessage);
    } catch (error) {
      const problems = this.check(typeName, message);
      throw new TypeError(`cannot encode ${typeName}: ${problems.join('; ') || String(error)}`, { cause: error });
    }
  }

  /** Bytes of a `google.protobuf.Any` that holds the message named by `@type`; an unknown type goes out as TypedStruct. */
  encodeAny(message: TypedMessage): Uint8Array {
    return this.encode('google.protobuf.Any', message);
  }

  /** Throws RangeError or TypeError on bytes that are no such message. */
  decode<T extends object = Record<string, unknown>>(typeName: string, bytes: Uint8Array): T {
    return this.decoder.decode(this.types.get(typeName), bytes) as T;
  }

  /** `{ '@type': url, ...fields }`, nested Any likewise; `{ type_url, value }` where the type is not loaded. */
  decodeAny<T extends object = Record<string, unknown>>(bytes: Uint8Array): T {
    return this.decode<T>('google.protobuf.Any', bytes);
  }

  /**
   * The message in proto3's JSON mapping with its `@type`, for people and for tools that read Envoy's and istiod's dumps; with
   * the .proto's field names, as Envoy's YAML has them, when those are asked for.
   */
  toJson(message: TypedMessage, fieldNames: 'json' | 'proto' = 'json'): Record<string, unknown> {
    return this.json[fieldNames].toJson(this.types.get('google.protobuf.Any'), message as unknown as PlainMessage) as Record<
      string,
      unknown
    >;
  }

  /** A message that a user wrote as JSON, with everything that is wrong with it; what `keepUnknown` does says `MessageReader`. */
  readJson(typeName: string, json: unknown, keepUnknown = false): ReadMessage {
    return this.reader.read(this.types.get(typeName), json, keepUnknown);
  }

  /** The first constraint of its .proto that a plain message breaks, for which Envoy would refuse it. */
  constraintFault(typeName: string, message: PlainMessage): ConstraintFault | undefined {
    // Few ask: the constraints are read when the first does.
    this.constraints ??= new ConstraintChecker(this.types, constraintJson);
    return this.constraints.check(this.types.get(typeName), message);
  }

  /** A new message: `from` merged into `into` as protobuf merges; see `MessageMerger`. */
  merge(typeName: string, into: PlainMessage, from: PlainMessage, lists: ListMerge = 'append'): PlainMessage {
    return this.merger.merge(this.types.get(typeName), into, from, lists);
  }

  /** The same of what is inside of two Any; undefined where they cannot be merged. */
  mergeInside(into: PlainMessage, from: PlainMessage): PlainMessage | undefined {
    return this.merger.mergeInside(into, from);
  }

  /**
   * What is wrong with a plain message, each with its path: unknown fields and enum values, wrong types, two members of one
   * oneof, `@type`s that are not loaded. Empty when it fits. The type comes from `@type` when only a message is given.
   */
  check(typeName: string, message: object): string[];
  check(message: TypedMessage): string[];
  check(first: string | TypedMessage, second?: object): string[] {
    if (typeof first === 'string') return this.checker.check(this.types.get(first), second ?? {});
    return this.checker.check(this.types.get('google.protobuf.Any'), first);
  }

  /** Whether a message of that name or type URL is loaded. */
  has(typeNameOrUrl: string): boolean {
    return this.types.find(typeNameOrUrl.slice(typeNameOrUrl.lastIndexOf('/') + 1)) !== undefined;
  }

  /** A service for grpc-js's `addService` and `makeClientConstructor`. */
  service(name: string): Readonly<Record<string, ProtoMethod>> {
    return Object.fromEntries(
      Object.entries(this.types.methods(name)).map(([method, descriptor]) => [method, this.method(name, method, descriptor)]),
    );
  }

  private method(service: string, name: string, descriptor: MethodDescriptor): ProtoMethod {
    const serialize = (typeName: string) => (message: object) => asBuffer(this.encode(typeName, message));
    const deserialize = (typeName: string) => (bytes: Buffer) => this.decode(typeName, bytes);
    return {
      path: `/${service}/${name}`,
      requestStream: descriptor.requestStream,
      responseStream: descriptor.responseStream,
      originalName: name.charAt(0).toLowerCase() + name.slice(1),
      requestSerialize: serialize(descriptor.requestType),
      requestDeserialize: deserialize(descriptor.requestType),
      responseSerialize: serialize(descriptor.responseType),
      responseDeserialize: deserialize(descriptor.responseType),
    };
  }
}

/** Reads the generated bundle; a type is compiled when it is first used. */
export function loadProtos(): EnvoyProtos {
  return new EnvoyProtos(new TypeRegistry(descriptorJson));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
