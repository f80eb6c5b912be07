import type { CidrRange } from '../../envoy/generated/envoy/config/core/v3/CidrRange.ts';
import type { Permission } from '../../envoy/generated/envoy/config/rbac/v3/Permission.ts';
import { containsCidr, parseCidr } from '../../lib/cidr.ts';
import { type HttpRequest, pathOnly } from '../http/http-request.ts';
import { matchText } from '../matching/text-matcher.ts';
import type { SimulatedRequest } from '../request.ts';
import { headerCondition } from '../routes/header-condition.ts';
import { allOf, anyOf, type Maybe, notOf } from '../three-valued.ts';

/** Whether a permission covers what is asked for. What is about HTTP holds for no plain connection. */
export function permissionHolds(permission: Permission, input: SimulatedRequest, http: HttpRequest | undefined): Maybe {
  const { destination } = input;
  const inner = (each: Permission) => () => permissionHolds(each, input, http);
  if (permission.any === true) return true;
  if (permission.and_rules) return allOf((permission.and_rules.rules ?? []).map(inner));
  if (permission.or_rules) return anyOf((permission.or_rules.rules ?? []).map(inner));
  if (permission.not_rule) return notOf(permissionHolds(permission.not_rule, input, http));
  if (permission.header) return http !== undefined && headerCondition(permission.header).holds(http);
  if (permission.url_path?.path) return http !== undefined && matchText(permission.url_path.path).holds(pathOnly(http.path));
  if (permission.destination_ip) return isIn(permission.destination_ip, destination.address);
  if (permission.destination_port !== undefined) return permission.destination_port === destination.port;
  if (permission.destination_port_range) {
    const { start = 0, end = 0 } = permission.destination_port_range;
    return destination.port >= start && destination.port < end;
  }
  if (permission.requested_server_name) return matchText(permission.requested_server_name).holds(input.tls?.sni ?? '');
  return { doubt: `the condition ${Object.keys(permission).join(', ')} is not evaluated` };
}

export function isIn({ address_prefix, prefix_len }: CidrRange, address: string): boolean {
  const range = parseCidr(`${address_prefix}/${prefix_len?.value ?? 0}`);
  const own = parseCidr(address);
  return range !== undefined && own !== undefined && containsCidr(range, own);
}
