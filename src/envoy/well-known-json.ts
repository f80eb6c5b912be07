import { toStruct, toStructValue } from '../lib/struct.ts';
import { readScalar } from './json-scalar.ts';
import type { ScalarType } from './type-registry.ts';

type Read = { readonly message: object } | { readonly problem: string };

/** The largest duration of the specification: ten thousand years, in seconds. */
const maxSeconds = 315_576_000_000n;

/** A message of a type whose JSON is not that of its fields; undefined: the type is none of these. */
export function readWellKnown(typeName: string, json: unknown): Read | undefined {
  const wrapped = wrappers[typeName];
  if (wrapped !== undefined) {
    const read = readScalar(wrapped, json);
    return 'problem' in read ? read : { message: isZero(read.value) ? {} : { value: read.value } };
  }
  return others[typeName]?.(json);
}

/** Whether `readWellKnown` reads the type. */
export function isWellKnown(typeName: string): boolean {
  return Object.hasOwn(wrappers, typeName) || Object.hasOwn(others, typeName);
}

const wrappers: Readonly<Record<string, ScalarType>> = {
  'google.protobuf.BoolValue': 'bool',
  'google.protobuf.StringValue': 'string',
  'google.protobuf.BytesValue': 'bytes',
  'google.protobuf.Int32Value': 'int32',
  'google.protobuf.UInt32Value': 'uint32',
  'google.protobuf.Int64Value': 'int64',
  'google.protobuf.UInt64Value': 'uint64',
  'google.protobuf.FloatValue': 'float',
  'google.protobuf.DoubleValue': 'double',
};

const others: Readonly<Record<string, (json: unknown) => Read>> = {
  'google.protobuf.Duration': duration,
  'google.protobuf.Timestamp': timestamp,
  'google.protobuf.FieldMask': (json) =>
    typeof json === 'string'
      ? { message: { paths: json.split(',').map((path) => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)) } }
      : { problem: 'must be text' },
  'google.protobuf.Struct': (json) =>
    typeof json === 'object' && json !== null && !Array.isArray(json)
      ? { message: toStruct(json as Record<string, unknown>) }
      : { problem: 'must be an object' },
  'google.protobuf.Value': (json) => ({ message: toStructValue(json) }),
  'google.protobuf.ListValue': (json) =>
    Array.isArray(json) ? { message: { values: json.map(toStructValue) } } : { problem: 'must be a list' },
};

function duration(json: unknown): Read {
  const [, sign, seconds, fraction = ''] = (typeof json === 'string' && /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(json)) || [];
  if (seconds === undefined) return { problem: 'must be a duration such as 1.5s' };
  if (BigInt(seconds) > maxSeconds) return { problem: `must be at most ${maxSeconds}s` };
  const nanos = Number(fraction.padEnd(9, '0'));
  return { message: present({ seconds: `${seconds === '0' ? '' : sign}${BigInt(seconds)}`, nanos: sign === '-' ? -nanos : nanos }) };
}

function timestamp(json: unknown): Read {
  const parsed = typeof json === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(json) ? Date.parse(json) : Number.NaN;
  if (Number.isNaN(parsed)) return { problem: 'must be a time such as 2026-01-31T12:00:00Z' };
  const fraction = /\.(\d{1,9})/.exec(json as string)?.[1] ?? '';
  return { message: present({ seconds: String(Math.floor(parsed / 1000)), nanos: Number(fraction.padEnd(9, '0')) }) };
}

/** Zero is not there: presence is not tracked in these types. */
function present({ seconds, nanos }: { readonly seconds: string; readonly nanos: number }): object {
  return { ...(seconds !== '0' && { seconds }), ...(nanos !== 0 && { nanos }) };
}

function isZero(value: unknown): boolean {
  return value === 0 || value === false || value === '' || value === '0';
}
