/** TLSRoute: routing of TLS connections by server name. */

import { list, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, string } from '../field/scalars.ts';
import { l4RouteRule, parentReference } from '../parts/gateway-api.ts';
import { wildcardHostname } from '../parts/name-checks.ts';

export const tlsRoute = object({
  hostnames: required(list(string({ minLength: 1, maxLength: 253, check: wildcardHostname }), { minItems: 1, maxItems: 1024 })),
  parentRefs: list(parentReference, { maxItems: 32 }),
  rules: required(list(l4RouteRule, { minItems: 1, maxItems: 1 })),
  useDefaultGateways: choice(['All', 'None']),
});
export type TlsRoute = Infer<typeof tlsRoute>;
