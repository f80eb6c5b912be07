/** Selects workloads by `labels`, as Sidecar, EnvoyFilter, DestinationRule and ServiceEntry do. */

import { map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';

export const labelsSelector = object({
  labels: map(string({ maxLength: 63 }), { maxEntries: 256 }),
});
export type LabelsSelector = Infer<typeof labelsSelector>;
