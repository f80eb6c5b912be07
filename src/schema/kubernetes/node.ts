/** Kubernetes Node: its addresses; locality comes from its labels. */

import { list, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';

const nodeAddress = object({ type: string(), address: string() });
export type NodeAddress = Infer<typeof nodeAddress>;

export const node = object({
  spec: object({ podCIDR: string(), podCIDRs: list(string()), providerID: string() }),
  status: object({ addresses: list(nodeAddress) }),
});
export type Node = Infer<typeof node>;
