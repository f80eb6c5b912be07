import type { Header } from '../request.ts';

/**
 * Headers of which Envoy keeps one value only: further ones are joined to it as they come, and empty ones add nothing. Of all others it
 * keeps a list.
 */
const single = new Set([
  'accept',
  'accept-encoding',
  'access-control-request-headers',
  'access-control-request-method',
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'grpc-timeout',
  'origin',
  'te',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
  'x-forwarded-client-cert',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-request-id',
]);

/** Headers by their names in lower case, as Envoy holds them. */
export function headerMap(headers: readonly Header[], isGrpc: boolean): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const [name, text] of headers) {
    const key = name.toLowerCase();
    map.set(key, withValue(key, map.get(key), text.trim()));
  }
  if (isGrpc && !map.has('content-type')) map.set('content-type', ['application/grpc']);
  return map;
}

/** One more value of a header, whose name is in lower case. */
export function withValue(name: string, held: readonly string[] | undefined, value: string): string[] {
  if (held === undefined) return [value];
  if (!single.has(name)) return [...held, value];
  const [first = ''] = held;
  return [first === '' || value === '' ? first + value : `${first},${value}`];
}
