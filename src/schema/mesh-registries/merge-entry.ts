/** What several registries are to each other for one host, and which of their services are that host. */

import { list, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, string } from '../field/scalars.ts';
import { dnsLabel, dnsSubdomain } from '../parts/name-checks.ts';

const host = () => string({ required: true, minLength: 1, maxLength: 253, check: dnsSubdomain });
const namespace = () => string({ required: true, minLength: 1, maxLength: 63, check: dnsLabel });

const joiningService = object({ host: host(), namespace: namespace() });

export const mergeEntry = object({
  host: host(),
  namespace: namespace(),
  /** `union` where unset: all registries serve the host. `priority`: the first with a healthy endpoint. `exclusive`: the first. */
  mode: choice(['union', 'priority', 'exclusive']),
  /** Services of these registries that are this host as well as the one they are called. */
  with: list(joiningService, { maxItems: 64 }),
});
export type MergeEntry = Infer<typeof mergeEntry>;

/** `namespace/host`. */
export function hostKey(of: { readonly namespace: string; readonly host: string }): string {
  return `${of.namespace}/${of.host}`;
}
