/** WorkloadEntry: one workload outside the platform, or an endpoint of a ServiceEntry. */

import { map, object, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string, uint32 } from '../field/scalars.ts';
import { addressRequired, socketIsFile, socketPath, socketWithoutPorts } from '../parts/cel-rules.ts';

export const workloadEntry = withRules(
  object({
    address: withRules(string({ maxLength: 256 }), [socketPath, socketIsFile]),
    ports: withRules(map(uint32({ min: 1, max: 65535 }), { maxEntries: 128 }), [
      {
        rule: 'self.all(key, size(key) < 63 && key.matches("^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$"))',
        message: 'port name must be valid',
      },
    ]),
    labels: map(string(), { maxEntries: 256 }),
    network: string({ maxLength: 2048 }),
    locality: string({ maxLength: 2048 }),
    weight: uint32(),
    serviceAccount: string({ maxLength: 253 }),
  }),
  [socketWithoutPorts],
);
/** A workload that must say where it is; one that registers itself need not. */
export const placedWorkloadEntry = withRules(workloadEntry, [addressRequired]);
export type WorkloadEntry = Infer<typeof workloadEntry>;
