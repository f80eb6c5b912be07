import type { AdminClient } from '../../src/agent/admin-client.ts';

/** What an Envoy has made of what it was sent, by name. */
export interface EnvoyState {
  readonly activeListeners: readonly string[];
  readonly warmingListeners: readonly string[];
  readonly failedListeners: readonly string[];
  readonly activeClusters: readonly string[];
  readonly warmingClusters: readonly string[];
  readonly routeTables: readonly string[];
}

interface DumpedListener {
  readonly name: string;
  readonly active_state?: object;
  readonly warming_state?: object;
  readonly error_state?: object;
}

interface Dump {
  readonly configs: readonly {
    readonly dynamic_listeners?: readonly DumpedListener[];
    readonly dynamic_active_clusters?: readonly { readonly cluster: { readonly name: string } }[];
    readonly dynamic_warming_clusters?: readonly { readonly cluster: { readonly name: string } }[];
    readonly dynamic_route_configs?: readonly { readonly route_config: DumpedTable }[];
  }[];
}

export async function envoyState(admin: AdminClient): Promise<EnvoyState> {
  const { configs } = (await admin.configDump()) as Dump;
  const listeners = configs.flatMap(({ dynamic_listeners = [] }) => dynamic_listeners);
  const namesOf = (kept: readonly { readonly name: string }[]) => kept.map(({ name }) => name).sort();
  return {
    activeListeners: namesOf(listeners.filter(({ active_state }) => active_state !== undefined)),
    warmingListeners: namesOf(listeners.filter(({ warming_state }) => warming_state !== undefined)),
    failedListeners: namesOf(listeners.filter(({ error_state }) => error_state !== undefined)),
    activeClusters: namesOf(configs.flatMap(({ dynamic_active_clusters = [] }) => dynamic_active_clusters.map(({ cluster }) => cluster))),
    warmingClusters: namesOf(
      configs.flatMap(({ dynamic_warming_clusters = [] }) => dynamic_warming_clusters.map(({ cluster }) => cluster)),
    ),
    routeTables: namesOf(
      configs.flatMap(({ dynamic_route_configs = [] }) => dynamic_route_configs.map(({ route_config }) => route_config)),
    ),
  };
}

/** A route table as an Envoy has it, virtual hosts that it was sent by themselves among the others. */
export interface DumpedTable {
  readonly name: string;
  readonly virtual_hosts?: readonly { readonly name: string; readonly domains: readonly string[] }[];
}

export async function routeTables(admin: AdminClient): Promise<ReadonlyMap<string, DumpedTable>> {
  const { configs } = (await admin.configDump()) as Dump;
  const tables = configs.flatMap(({ dynamic_route_configs = [] }) => dynamic_route_configs.map(({ route_config }) => route_config));
  return new Map(tables.map((table) => [table.name, table]));
}

/** The counters of refused configuration that are not zero. */
export async function refusals(admin: AdminClient): Promise<readonly string[]> {
  const counters = await admin.stats('update_rejected$');
  return [...counters].filter(([, value]) => value > 0).map(([name, value]) => `${name}: ${value}`);
}
