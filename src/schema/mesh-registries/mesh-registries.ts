/** MeshRegistries: registries of services beside Kubernetes, in the order in which they count. A kind of Coxswain's own. */

import { list, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';
import { dnsLabel } from '../parts/name-checks.ts';
import { consulRegistry } from './consul-registry.ts';
import { mergeEntry } from './merge-entry.ts';

export const registryEntry = object(
  {
    /** Unique in the mesh; endpoints carry it as the label `registry.mesh/id`. By default `consul`, or `consul-<datacenter>`. */
    id: string({ minLength: 1, maxLength: 63, check: dnsLabel }),
    consul: consulRegistry,
  },
  { exactlyOneOf: [['consul']] },
);
export type RegistryEntry = Infer<typeof registryEntry>;

export const meshRegistries = object({
  registries: required(list(registryEntry, { maxItems: 256 })),
  /** Hosts that several registries know, where more is to be said of them than that all serve them. */
  merge: list(mergeEntry, { maxItems: 1024 }),
});
export type MeshRegistries = Infer<typeof meshRegistries>;

export function registryIdOf(entry: RegistryEntry): string {
  const datacenter = entry.consul?.datacenter;
  return entry.id ?? (datacenter === undefined ? 'consul' : `consul-${datacenter}`);
}
