import type { DirectResponseAction } from '../../envoy/generated/envoy/config/route/v3/DirectResponseAction.ts';

/** The body of a direct response; undefined: it has none, or one that is in a file of the proxy. */
export function directBody({ body }: DirectResponseAction): string | undefined {
  if (body?.inline_string !== undefined) return body.inline_string;
  const bytes: unknown = body?.inline_bytes;
  if (typeof bytes === 'string') return bytes;
  return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : undefined;
}
