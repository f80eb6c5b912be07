/** PeerAuthentication: which inbound traffic must be mutual TLS. */

import { map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice } from '../field/scalars.ts';
import { workloadSelector } from '../parts/workload-selector.ts';

const mutualTls = object({
  mode: choice(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']),
});
export type MutualTls = Infer<typeof mutualTls>;

export const peerAuthentication = object({
  selector: workloadSelector,
  mtls: mutualTls,
  portLevelMtls: map(mutualTls, { minEntries: 1 }),
});
export type PeerAuthentication = Infer<typeof peerAuthentication>;
