/** Selects workloads by `matchLabels`, as the security, telemetry and extension kinds do. */

import { map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';

export const workloadSelector = object({
  matchLabels: map(string({ maxLength: 63 }), { maxEntries: 4096 }),
});
export type WorkloadSelector = Infer<typeof workloadSelector>;
