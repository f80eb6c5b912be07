/** DestinationRule: what happens to traffic after routing has chosen its destination. */

import { list, map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';
import { workloadSelector } from '../parts/workload-selector.ts';
import { trafficPolicy } from './traffic-policy.ts';

export const subset = object({
  name: string({ required: true }),
  labels: map(string()),
  trafficPolicy,
});
export type Subset = Infer<typeof subset>;

export const destinationRule = object({
  host: string({ required: true }),
  trafficPolicy,
  subsets: list(subset),
  exportTo: list(string()),
  workloadSelector,
});
export type DestinationRule = Infer<typeof destinationRule>;
