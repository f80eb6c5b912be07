/** TCPRoute: routing of TCP connections. */

import { list, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice } from '../field/scalars.ts';
import { l4RouteRule, parentReference } from '../parts/gateway-api.ts';

export const tcpRoute = object({
  parentRefs: list(parentReference, { maxItems: 32 }),
  rules: required(list(l4RouteRule, { minItems: 1, maxItems: 1 })),
  useDefaultGateways: choice(['All', 'None']),
});
export type TcpRoute = Infer<typeof tcpRoute>;
