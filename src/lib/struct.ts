/** A `google.protobuf.Value` as a plain message; exactly one member is set. */
export interface StructValue {
  nullValue?: 'NULL_VALUE';
  numberValue?: number;
  stringValue?: string;
  boolValue?: boolean;
  structValue?: Struct;
  listValue?: { values?: StructValue[] };
}

/** A `google.protobuf.Struct` as a plain message. */
export interface Struct {
  fields?: { [key: string]: StructValue };
}

/** JSON -> `google.protobuf.Struct`; members that are undefined are left out. */
export function toStruct(json: Readonly<Record<string, unknown>>): Struct {
  const present = Object.entries(json).filter(([, value]) => value !== undefined);
  return { fields: Object.fromEntries(present.map(([key, value]) => [key, toStructValue(value)])) };
}

export function toStructValue(json: unknown): StructValue {
  if (json === null || json === undefined) return { nullValue: 'NULL_VALUE' };
  if (typeof json === 'number') return { numberValue: json };
  if (typeof json === 'string') return { stringValue: json };
  if (typeof json === 'boolean') return { boolValue: json };
  if (Array.isArray(json)) return { listValue: { values: json.map(toStructValue) } };
  if (typeof json === 'object') return { structValue: toStruct(json as Record<string, unknown>) };
  throw new TypeError(`a ${typeof json} is not JSON`);
}

/** `google.protobuf.Struct` -> JSON. Undefined is the empty struct. */
export function fromStruct(struct: { readonly fields?: { readonly [key: string]: object } } | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(struct?.fields ?? {}).map(([key, value]) => [key, fromStructValue(value)]));
}

export function fromStructValue(message: object): unknown {
  const value = message as StructValue;
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.numberValue !== undefined) return value.numberValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.structValue !== undefined) return fromStruct(value.structValue);
  if (value.listValue !== undefined) return (value.listValue.values ?? []).map(fromStructValue);
  return null;
}
