import type { Principal } from '../../envoy/generated/envoy/config/rbac/v3/Principal.ts';
import { type HttpRequest, pathOnly } from '../http/http-request.ts';
import { matchText } from '../matching/text-matcher.ts';
import type { SimulatedRequest } from '../request.ts';
import { headerCondition } from '../routes/header-condition.ts';
import { allOf, anyOf, type Maybe, notOf } from '../three-valued.ts';
import { isIn } from './permission.ts';

/** Whether somebody is meant. Identities are the names of the client's certificate. */
export function principalHolds(principal: Principal, input: SimulatedRequest, http: HttpRequest | undefined): Maybe {
  const source = input.source?.address;
  const inner = (each: Principal) => () => principalHolds(each, input, http);
  if (principal.any === true) return true;
  if (principal.and_ids) return allOf((principal.and_ids.ids ?? []).map(inner));
  if (principal.or_ids) return anyOf((principal.or_ids.ids ?? []).map(inner));
  if (principal.not_id) return notOf(principalHolds(principal.not_id, input, http));
  if (principal.authenticated) {
    const names = [...(input.tls?.certificate?.uris ?? []), ...(input.tls?.certificate?.dnsNames ?? [])];
    const wanted = principal.authenticated.principal_name;
    return wanted ? anyOf(names.map((name) => () => matchText(wanted).holds(name))) : input.tls?.certificate !== undefined;
  }
  const range = principal.source_ip ?? principal.direct_remote_ip ?? principal.remote_ip;
  if (range) return source === undefined ? { doubt: 'the address of the client is not known' } : isIn(range, source);
  if (principal.header) return http !== undefined && headerCondition(principal.header).holds(http);
  if (principal.url_path?.path) return http !== undefined && matchText(principal.url_path.path).holds(pathOnly(http.path));
  return { doubt: `the condition ${Object.keys(principal).join(', ')} is not evaluated` };
}
