import { integerRanges } from './integer-ranges.ts';
import type { ScalarType } from './type-registry.ts';

type Read = { readonly value: unknown } | { readonly problem: string };

/** One scalar of the proto3 JSON mapping, as the plain value that the encoder takes. */
export function readScalar(type: ScalarType, json: unknown): Read {
  switch (type) {
    case 'string':
      return typeof json === 'string' ? { value: json } : { problem: 'must be text' };
    case 'bool':
      return typeof json === 'boolean' ? { value: json } : { problem: 'must be true or false' };
    case 'bytes':
      return typeof json === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(json) ? { value: json } : { problem: 'must be text in base64' };
    case 'double':
    case 'float':
      return readFloat(json);
    default:
      return readInteger(type, json);
  }
}

function readFloat(json: unknown): Read {
  if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return { value: json };
  const number = typeof json === 'string' && json.trim() === json && json !== '' ? Number(json) : json;
  return typeof number === 'number' && Number.isFinite(number) ? { value: number } : { problem: 'must be a number' };
}

function readInteger(type: ScalarType, json: unknown): Read {
  const [min, max] = integerRanges[type] ?? [0n, 0n];
  const integer = integerOf(json);
  if (integer === undefined) return { problem: 'must be a whole number' };
  if (integer < min || integer > max) return { problem: `must be from ${min} to ${max}` };
  return { value: type.endsWith('64') ? String(integer) : Number(integer) };
}

/** Text and exponents are whole numbers too, as long as nothing stands behind the point. */
function integerOf(json: unknown): bigint | undefined {
  if (typeof json === 'string') {
    if (/^-?\d{1,20}$/.test(json)) return BigInt(json);
    return /^-?\d+(\.\d+)?([eE][+-]?\d{1,2})?$/.test(json) ? integerOf(Number(json)) : undefined;
  }
  return typeof json === 'number' && Number.isInteger(json) && Math.abs(json) < 2 ** 64 ? BigInt(json) : undefined;
}
