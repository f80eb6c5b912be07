import type { HttpConnectionManager } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import { containsCidr, parseCidr } from '../../lib/cidr.ts';
import { wrappedBool } from '../wrapped.ts';

type Headers = ReadonlyMap<string, readonly string[]>;

/** Stands for the identifier that Envoy makes up. */
const madeUpId = '00000000-0000-4000-8000-000000000000';
const internal = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '::1/128', 'fc00::/7'].map(parseCidr);

/** With what the connection manager adds before routes look: an identifier of the request, and where it came from. */
export function withOwnHeaders(manager: HttpConnectionManager, headers: Headers, source: string | undefined): Headers {
  const changed = new Map(headers);
  const isEdge = manager.use_remote_address?.value === true;
  const isForeign = isEdge && source !== undefined && !isInternal(source);
  const keepsId = headers.has('x-request-id') && (!isForeign || manager.preserve_external_request_id === true);
  if (!keepsId && wrappedBool(manager.generate_request_id, true)) changed.set('x-request-id', [madeUpId]);
  if (isEdge && manager.skip_xff_append !== true && source !== undefined)
    changed.set('x-forwarded-for', [[...(headers.get('x-forwarded-for') ?? []), source].join(',')]);
  return changed;
}

function isInternal(address: string): boolean {
  const own = parseCidr(address);
  return own !== undefined && internal.some((range) => range !== undefined && containsCidr(range, own));
}
