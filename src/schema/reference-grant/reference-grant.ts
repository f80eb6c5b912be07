/** ReferenceGrant: who may refer to objects of this namespace. */

import { list, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';
import { apiGroup, dnsLabel, kindName } from '../parts/name-checks.ts';

const referenceGrantFrom = object({
  group: string({ maxLength: 253, check: apiGroup, required: true }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName, required: true }),
  namespace: string({ minLength: 1, maxLength: 63, check: dnsLabel, required: true }),
});
export type ReferenceGrantFrom = Infer<typeof referenceGrantFrom>;

const referenceGrantTo = object({
  group: string({ maxLength: 253, check: apiGroup, required: true }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName, required: true }),
  name: string({ minLength: 1, maxLength: 253 }),
});
export type ReferenceGrantTo = Infer<typeof referenceGrantTo>;

export const referenceGrant = object({
  from: required(list(referenceGrantFrom, { minItems: 1, maxItems: 16 })),
  to: required(list(referenceGrantTo, { minItems: 1, maxItems: 16 })),
});
export type ReferenceGrant = Infer<typeof referenceGrant>;
