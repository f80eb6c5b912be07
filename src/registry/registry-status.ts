import type { MapCell } from '../incremental/cell.ts';
import type { RegistryProvider } from '../model/service.ts';

/**
 * `Syncing`: no complete answer yet. `Synced`: what is served is what the source says. `Stale`: the source cannot be asked or
 * gives no trustworthy answer, and its last view is kept.
 */
export type RegistryState = 'Syncing' | 'Synced' | 'Stale';

/** A registry as an operator sees it: `coxswain registries`, `/debug/registryz`, and one metric for each number. */
export interface RegistryStatus {
  /** Unique among all registries of the mesh. */
  readonly id: string;
  readonly provider: RegistryProvider;
  /** Where it is reached, without credentials; empty for what is read from configuration. */
  readonly address: string;
  readonly state: RegistryState;
  readonly services: number;
  readonly endpoints: number;
  /** Milliseconds since the epoch of the last complete and trustworthy answer. */
  readonly lastSuccessAt?: number;
  /** The last failure in one sentence without secrets; gone with the next success. */
  readonly lastError?: { readonly message: string; readonly at: number };
  /** Failures since the start; absent where there is nothing to fail. */
  readonly errors?: number;
  /** Questions asked since the start; absent where nobody is asked. */
  readonly requests?: number;
  /** Instances that are kept for a while although the registry has not listed them since an outage. */
  readonly kept?: number;
  /** How far behind its source the view is, in milliseconds; 0 where nothing is known to be pending. */
  readonly lagMs: number;
}

/** Of a registry that is read out of the configuration: it is as fresh as that. */
export function configuredStatus(registry: {
  readonly id: string;
  readonly provider: RegistryProvider;
  readonly services: MapCell<unknown>;
  readonly endpoints: MapCell<readonly unknown[]>;
  readonly hasSynced: () => boolean;
}): RegistryStatus {
  const { id, provider, services, endpoints } = registry;
  return {
    id,
    provider,
    address: '',
    state: registry.hasSynced() ? 'Synced' : 'Syncing',
    services: services.get().size,
    endpoints: countEndpoints(endpoints),
    lagMs: 0,
  };
}

/** Of all services together. */
export function countEndpoints(endpoints: MapCell<readonly unknown[]>): number {
  let count = 0;
  for (const list of endpoints.get().values()) count += list.length;
  return count;
}
