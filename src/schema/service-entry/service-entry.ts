/** ServiceEntry: a service that no platform registry knows. */

import { list, object, required, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, string, uint32 } from '../field/scalars.ts';
import { atMostOne } from '../parts/cel-rules.ts';
import { labelsSelector } from '../parts/labels-selector.ts';
import { placedWorkloadEntry } from '../workload-entry/workload-entry.ts';

export const serviceEntryPort = object({
  number: uint32({ min: 1, max: 65535, required: true }),
  protocol: string({ maxLength: 256 }),
  name: string({ maxLength: 256, required: true }),
  targetPort: uint32({ min: 1, max: 65535 }),
});
export type ServiceEntryPort = Infer<typeof serviceEntryPort>;

export const serviceEntry = withRules(
  object({
    hosts: required(
      list(withRules(string(), [{ rule: 'self != "*"', message: 'hostname cannot be wildcard' }]), { minItems: 1, maxItems: 256 }),
    ),
    addresses: list(string({ maxLength: 64 }), { maxItems: 256 }),
    ports: withRules(list(serviceEntryPort, { maxItems: 256, keys: ['name'] }), [
      { rule: 'self.all(port, self.exists_one(other, other.number == port.number))', message: 'port number cannot be duplicated' },
    ]),
    location: choice(['MESH_EXTERNAL', 'MESH_INTERNAL']),
    resolution: choice(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS']),
    endpoints: list(placedWorkloadEntry, { maxItems: 4096 }),
    workloadSelector: labelsSelector,
    exportTo: list(string()),
    subjectAltNames: list(string()),
  }),
  [
    atMostOne(['workloadSelector', 'endpoints'], 'only one of WorkloadSelector or Endpoints can be set'),
    {
      rule: '!has(self.addresses) || !has(self.resolution) || self.resolution in ["NONE", "STATIC"] || !self.addresses.exists(address, address.contains("/"))',
      message: 'CIDR addresses are allowed only for NONE/STATIC resolution types',
    },
    { rule: '!has(self.endpoints) || (has(self.resolution) && self.resolution != "NONE")', message: 'NONE mode cannot set endpoints' },
    {
      rule: '!has(self.endpoints) || !has(self.resolution) || self.resolution != "DNS_ROUND_ROBIN" || self.endpoints.size() <= 1',
      message: 'DNS_ROUND_ROBIN mode cannot have multiple endpoints',
    },
  ],
);
export type ServiceEntry = Infer<typeof serviceEntry>;
