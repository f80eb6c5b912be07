/** What the codec must know of messages and enums, compiled from the generated bundle when a type is first used. */

export type ScalarType =
  | 'double'
  | 'float'
  | 'int32'
  | 'uint32'
  | 'sint32'
  | 'fixed32'
  | 'sfixed32'
  | 'int64'
  | 'uint64'
  | 'sint64'
  | 'fixed64'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes';

export interface Field {
  readonly name: string;
  readonly number: number;
  readonly kind: 'scalar' | 'enum' | 'message';
  readonly scalar: ScalarType | undefined;
  readonly enumType: EnumType | undefined;
  /** Full name of the message type, '' for scalars and enums; `TypeRegistry.messageOf` gives the type. */
  readonly messageName: string;
  /** Looked up when first asked for: types may hold themselves. */
  readonly resolved: { type: MessageType | undefined };
  readonly label: 'single' | 'repeated' | 'map';
  readonly mapKey: ScalarType | undefined;
  /** The value of a map's entries as a field of its own. */
  readonly mapValue: Field | undefined;
  /** Presence is tracked: a zero value is sent. */
  readonly explicit: boolean;
  readonly oneof: string | undefined;
}

export interface EnumType {
  readonly name: string;
  readonly byName: ReadonlyMap<string, number>;
  readonly byNumber: ReadonlyMap<number, string>;
}

export interface MessageType {
  readonly name: string;
  readonly isAny: boolean;
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
  readonly byNumber: ReadonlyMap<number, Field>;
}

export interface MethodDescriptor {
  readonly requestType: string;
  readonly responseType: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

type FieldEntry = readonly [number: number, name: string, type: string, label?: string, extra?: string];

interface Bundle {
  readonly messages: Readonly<Record<string, readonly FieldEntry[]>>;
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly services: Readonly<Record<string, Readonly<Record<string, readonly [string, string, boolean, boolean]>>>>;
}

const usualPrefix = 'type.googleapis.com/';

export class TypeRegistry {
  private readonly bundle: Bundle;
  private readonly messages = new Map<string, MessageType>();
  private readonly byUrl = new Map<string, MessageType>();
  private readonly enums = new Map<string, EnumType>();

  constructor(descriptorJson: string) {
    this.bundle = JSON.parse(descriptorJson) as Bundle;
  }

  find(name: string): MessageType | undefined {
    const known = this.messages.get(name);
    if (known) return known;
    const entries = Object.hasOwn(this.bundle.messages, name) ? this.bundle.messages[name] : undefined;
    if (!entries) return undefined;
    const fields = entries.map((entry) => this.compile(entry));
    const type: MessageType = {
      name,
      isAny: name === 'google.protobuf.Any',
      fields,
      byName: new Map(fields.map((field) => [field.name, field])),
      byNumber: new Map(fields.map((field) => [field.number, field])),
    };
    this.messages.set(name, type);
    return type;
  }

  get(name: string): MessageType {
    const type = this.find(name);
    if (!type) throw new Error(`no message ${name} among the loaded protobufs`);
    return type;
  }

  /** The type of a field of messages. */
  messageOf(field: Field): MessageType {
    const known = field.resolved.type;
    if (known) return known;
    const type = this.get(field.messageName);
    field.resolved.type = type;
    return type;
  }

  /** The message that a type URL names: what follows its last slash. */
  findByUrl(url: string): MessageType | undefined {
    const known = this.byUrl.get(url);
    if (known) return known;
    const type = this.find(messageNameOf(url));
    if (type && url.startsWith(usualPrefix)) this.byUrl.set(url, type);
    return type;
  }

  /** Names of all messages, sorted. */
  names(): string[] {
    return Object.keys(this.bundle.messages);
  }

  methods(service: string): Readonly<Record<string, MethodDescriptor>> {
    const entries = Object.hasOwn(this.bundle.services, service) ? this.bundle.services[service] : undefined;
    if (!entries) throw new Error(`no service ${service} among the loaded protobufs`);
    return Object.fromEntries(
      Object.entries(entries).map(([name, [requestType, responseType, requestStream, responseStream]]) => [
        name,
        { requestType, responseType, requestStream, responseStream },
      ]),
    );
  }

  private compile([number, name, type, label, extra]: FieldEntry): Field {
    const target = type.startsWith('.') ? type.slice(1) : undefined;
    const isEnum = target !== undefined && Object.hasOwn(this.bundle.enums, target);
    const isMap = label === 'm';
    return {
      name,
      number,
      kind: target === undefined ? 'scalar' : isEnum ? 'enum' : 'message',
      scalar: target === undefined ? (type as ScalarType) : undefined,
      enumType: isEnum ? this.enumType(target) : undefined,
      messageName: target === undefined || isEnum ? '' : target,
      resolved: { type: undefined },
      label: isMap ? 'map' : label === 'r' ? 'repeated' : 'single',
      mapKey: isMap ? (extra as ScalarType) : undefined,
      mapValue: isMap ? this.compile([2, 'value', type]) : undefined,
      explicit: label === 'p' || label === 'o',
      oneof: label === 'o' ? extra : undefined,
    };
  }

  private enumType(name: string): EnumType {
    const known = this.enums.get(name);
    if (known) return known;
    const entries = Object.entries(this.bundle.enums[name] ?? {});
    const byNumber = new Map<number, string>();
    for (const [text, number] of entries) if (!byNumber.has(number)) byNumber.set(number, text);
    const type: EnumType = { name, byName: new Map(entries), byNumber };
    this.enums.set(name, type);
    return type;
  }
}

/** `type.googleapis.com/envoy.config.cluster.v3.Cluster` -> the name after the last slash. */
export function messageNameOf(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
}
