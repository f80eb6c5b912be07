/** How traffic is spread over localities (DestinationRule, MeshConfig). */

import { list, map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, string, uint32 } from '../field/scalars.ts';

const localityDistribute = object({
  from: string(),
  to: map(uint32()),
});
export type LocalityDistribute = Infer<typeof localityDistribute>;

const localityFailover = object({
  from: string(),
  to: string(),
});
export type LocalityFailover = Infer<typeof localityFailover>;

export const localityLoadBalancerSetting = object({
  distribute: list(localityDistribute),
  failover: list(localityFailover),
  failoverPriority: list(string()),
  enabled: bool(),
});
export type LocalityLoadBalancerSetting = Infer<typeof localityLoadBalancerSetting>;
