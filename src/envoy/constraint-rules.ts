/** The rules of protoc-gen-validate that Envoy's messages use, for one value each. */

export type Rules = Readonly<Record<string, unknown>>;

/** What is wrong with a value that is set, or has a zero value that counts as one; undefined: nothing. */
export function ruleFault(kind: string, rules: Rules, value: unknown): string | undefined {
  if (kind === 'string') return stringFault(rules, typeof value === 'string' ? value : '');
  if (kind === 'bytes') return lengthFault(rules, bytesLength(value), 'bytes');
  if (kind === 'bool') return rules['const'] === undefined || rules['const'] === value ? undefined : `must be ${rules['const'] === true}`;
  if (kind === 'duration') return rangeFault(rules, value as Plain, nanosOf, (limit) => `${Number(nanosOf(limit)) / 1e9}s`);
  if (numbers.has(kind)) return rangeFault(rules, value, numberOf, String);
  return undefined;
}

type Plain = Readonly<Record<string, unknown>>;

const numbers: ReadonlySet<string> = new Set([
  'uint32',
  'uint64',
  'int32',
  'int64',
  'double',
  'float',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
]);

function stringFault(rules: Rules, text: string): string | undefined {
  if (rules['ignore_empty'] === true && text === '') return undefined;
  const allowed = rules['in'];
  if (Array.isArray(allowed) && !allowed.includes(text)) return `must be one of ${allowed.join(', ')}`;
  const { pattern } = rules;
  if (typeof pattern === 'string' && !new RegExp(pattern).test(text)) return `must match ${pattern}`;
  const known = rules['well_known_regex'];
  if (typeof known === 'string' && !isHeaderText(text, known, rules['strict'] !== false))
    return `must be a ${known === 'HTTP_HEADER_NAME' ? 'name' : 'value'} of a header`;
  return lengthFault(rules, Array.from(text).length, 'characters') ?? bytesFault(rules, text);
}

/** As protoc-gen-validate has them. */
function isHeaderText(text: string, known: string, isStrict: boolean): boolean {
  if (isStrict && known === 'HTTP_HEADER_NAME') return /^:?[0-9a-zA-Z!#$%&'*+\-.^_|~`]+$/.test(text);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || code === 0x0a || code === 0x0d || (isStrict && (code === 0x7f || (code < 0x20 && code !== 0x09)))) return false;
  }
  return true;
}

function lengthFault(rules: Rules, length: number, unit: string): string | undefined {
  const { min_len: min = 0, max_len: max = Number.POSITIVE_INFINITY } = rules as { readonly min_len?: number; readonly max_len?: number };
  if (length < min) return min === 1 ? 'is required' : `must have at least ${min} ${unit}`;
  return length > max ? `must have at most ${max} ${unit}` : undefined;
}

function bytesFault(rules: Rules, text: string): string | undefined {
  const max = rules['max_bytes'];
  return typeof max === 'number' && new TextEncoder().encode(text).length > max ? `must have at most ${max} bytes` : undefined;
}

function bytesLength(value: unknown): number {
  if (typeof value === 'string') return Math.floor((value.replace(/=+$/, '').length * 3) / 4);
  return value instanceof Uint8Array ? value.length : 0;
}

const comparisons = [
  ['gt', 'more than', (value: number | bigint, limit: number | bigint) => value > limit],
  ['gte', 'at least', (value: number | bigint, limit: number | bigint) => value >= limit],
  ['lt', 'less than', (value: number | bigint, limit: number | bigint) => value < limit],
  ['lte', 'at most', (value: number | bigint, limit: number | bigint) => value <= limit],
] as const;

function rangeFault<T>(rules: Rules, value: T, read: (value: T) => number | bigint, show: (limit: T) => string): string | undefined {
  for (const [name, words, holds] of comparisons) {
    const limit = rules[name] as T | undefined;
    if (limit !== undefined && !holds(read(value), read(limit))) return `must be ${words} ${show(limit)}`;
  }
  return undefined;
}

function numberOf(value: unknown): number {
  return value === undefined || value === null ? 0 : Number(value);
}

function nanosOf(duration: Plain | undefined): bigint {
  const { seconds = 0, nanos = 0 } = (duration ?? {}) as { readonly seconds?: number | string; readonly nanos?: number };
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}
