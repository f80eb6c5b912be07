/** WorkloadEntry: one workload outside the platform, or an endpoint of a ServiceEntry. */

import { map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string, uint32 } from '../field/scalars.ts';

export const workloadEntry = object({
  address: string({ maxLength: 256 }),
  ports: map(uint32({ min: 1, max: 65535 }), { maxEntries: 128 }),
  labels: map(string(), { maxEntries: 256 }),
  network: string({ maxLength: 2048 }),
  locality: string({ maxLength: 2048 }),
  weight: uint32(),
  serviceAccount: string({ maxLength: 253 }),
});
export type WorkloadEntry = Infer<typeof workloadEntry>;
