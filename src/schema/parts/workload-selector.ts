/** Selects workloads by `matchLabels`, as the security, telemetry and extension kinds do. */

import { map, object, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';

export const workloadSelector = object({
  matchLabels: withRules(
    map(withRules(string({ maxLength: 63 }), [{ rule: '!self.contains("*")', message: 'wildcard not allowed in label value match' }]), {
      maxEntries: 4096,
    }),
    [
      { rule: 'self.all(key, !key.contains("*"))', message: 'wildcard not allowed in label key match' },
      { rule: 'self.all(key, key != "")', message: 'key must not be empty' },
    ],
  ),
});
export type WorkloadSelector = Infer<typeof workloadSelector>;
