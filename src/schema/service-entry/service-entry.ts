/** ServiceEntry: a service that no platform registry knows. */

import { list, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, string, uint32 } from '../field/scalars.ts';
import { labelsSelector } from '../parts/labels-selector.ts';
import { workloadEntry } from '../workload-entry/workload-entry.ts';

export const serviceEntryPort = object({
  number: uint32({ min: 1, max: 65535, required: true }),
  protocol: string({ maxLength: 256 }),
  name: string({ maxLength: 256, required: true }),
  targetPort: uint32({ min: 1, max: 65535 }),
});
export type ServiceEntryPort = Infer<typeof serviceEntryPort>;

export const serviceEntry = object({
  hosts: required(list(string(), { minItems: 1, maxItems: 256 })),
  addresses: list(string({ maxLength: 64 }), { maxItems: 256 }),
  ports: list(serviceEntryPort, { maxItems: 256 }),
  location: choice(['MESH_EXTERNAL', 'MESH_INTERNAL']),
  resolution: choice(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS']),
  endpoints: list(workloadEntry, { maxItems: 4096 }),
  workloadSelector: labelsSelector,
  exportTo: list(string()),
  subjectAltNames: list(string()),
});
export type ServiceEntry = Infer<typeof serviceEntry>;
