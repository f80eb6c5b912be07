/** GatewayClass: which controller serves the gateways of a class. */

import { object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';
import { parametersReference } from '../parts/gateway-api.ts';
import { domainPath } from '../parts/name-checks.ts';

export const gatewayClass = object({
  controllerName: string({ minLength: 1, maxLength: 253, check: domainPath, required: true }),
  description: string({ maxLength: 64 }),
  parametersRef: parametersReference,
});
export type GatewayClass = Infer<typeof gatewayClass>;
