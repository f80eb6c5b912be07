/** Attaches a policy to a Gateway, GatewayClass, Service or ServiceEntry. */

import { object, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';
import { apiGroup, kindName } from './name-checks.ts';

export const policyTargetReference = object({
  group: string({ maxLength: 253, check: apiGroup }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName, required: true }),
  name: string({ minLength: 1, maxLength: 253, required: true }),
  namespace: withRules(string(), [{ rule: 'self == ""', message: 'cross namespace referencing is not currently supported' }]),
});
export type PolicyTargetReference = Infer<typeof policyTargetReference>;
