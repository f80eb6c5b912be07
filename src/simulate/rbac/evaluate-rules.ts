import type { RBAC } from '../../envoy/generated/envoy/config/rbac/v3/RBAC.ts';
import type { HttpRequest } from '../http/http-request.ts';
import type { SimulatedRequest } from '../request.ts';
import { allOf, anyOf, doubtAbout, isDoubt, type Maybe } from '../three-valued.ts';
import { permissionHolds } from './permission.ts';
import { principalHolds } from './principal.ts';

export interface Verdict {
  readonly isAllowed: Maybe;
  readonly why: string;
}

/** Rules of access: the first policy, by name, that holds decides, and no policy at all means the opposite of the action. */
export function evaluateRules({ action, policies = {} }: RBAC, input: SimulatedRequest, http: HttpRequest | undefined): Verdict {
  if (action === 'LOG' || action === 2) return { isAllowed: true, why: 'it writes a log only' };
  const isDeny = action === 'DENY' || action === 1;
  const results = Object.entries(policies).map(([name, { permissions = [], principals = [] }]) => ({
    name,
    holds: allOf([
      () => anyOf(permissions.map((permission) => () => permissionHolds(permission, input, http))),
      () => anyOf(principals.map((principal) => () => principalHolds(principal, input, http))),
    ]),
  }));
  const matched = results.find(({ holds }) => holds === true);
  if (matched !== undefined) return { isAllowed: !isDeny, why: `the policy ${matched.name} ${isDeny ? 'denies' : 'allows'} it` };
  for (const { name, holds } of results) {
    if (!isDoubt(holds)) continue;
    const isAllowed = doubtAbout(`whether the policy ${name} holds`, holds);
    return { isAllowed, why: isAllowed.doubt };
  }
  return { isAllowed: isDeny, why: isDeny ? 'no policy denies it' : 'no policy allows it' };
}
