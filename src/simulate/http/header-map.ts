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
    const value = text.trim();
    const held = map.get(key);
    if (held === undefined) map.set(key, [value]);
    else if (!single.has(key)) held.push(value);
    else if (value !== '') held[0] = held[0] === '' ? value : `${held[0]},${value}`;
  }
  if (isGrpc && !map.has('content-type')) map.set('content-type', ['application/grpc']);
  return map;
}
