import type { RBAC } from '../../envoy/generated/envoy/config/rbac/v3/RBAC.ts';
import type { HttpRequest } from '../http/http-request.ts';
import type { SimulatedRequest } from '../request.ts';
import { permissionHolds } from './permission.ts';
import { principalHolds } from './principal.ts';
import { allOf, anyOf } from './three-valued.ts';

export interface Verdict {
  /** Undefined: it depends on what is not known. */
  readonly isAllowed: boolean | undefined;
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
  const open = results.find(({ holds }) => holds === undefined);
  if (open !== undefined) return { isAllowed: undefined, why: `whether the policy ${open.name} holds depends on what is not known here` };
  return { isAllowed: isDeny, why: isDeny ? 'no policy denies it' : 'no policy allows it' };
}
