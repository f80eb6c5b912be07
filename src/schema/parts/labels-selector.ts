/** Selects workloads by `labels`, as Sidecar, EnvoyFilter, DestinationRule and ServiceEntry do. */

import { map, object, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';

export const labelsSelector = object({
  labels: map(withRules(string({ maxLength: 63 }), [{ rule: '!self.contains("*")', message: 'wildcard is not supported in selector' }]), {
    maxEntries: 256,
  }),
});
export type LabelsSelector = Infer<typeof labelsSelector>;
