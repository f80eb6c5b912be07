import type { ConsulInstance } from './consul-payloads.ts';

/** The worst that checks say of an instance and its node; `maintenance` is worse than any. */
export type InstanceState = 'passing' | 'warning' | 'critical' | 'maintenance';

/** An instance with its state, and nothing that changes without meaning for a mesh. */
export interface InstanceFacts extends Omit<ConsulInstance, 'modifyIndex'> {
  readonly state: InstanceState;
}

/** All that Consul says of one service; instances in the order of their keys. */
export interface ServiceFacts {
  readonly name: string;
  readonly instances: readonly InstanceFacts[];
}

/** Unique among the instances of a service: ids are unique on a node only. */
export function instanceKey(instance: { readonly node: string; readonly id: string }): string {
  return `${instance.node}\n${instance.id}`;
}
