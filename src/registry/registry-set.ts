import type { Cell, MapCell, Table } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import { compareText } from '../model/config-object.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Service } from '../model/service.ts';
import type { WorkloadTable } from './find-workload.ts';
import { aliasEndpoints, aliasServices, type HostAliases, hostAliases } from './merge/alias-services.ts';
import { isLive } from './merge/merge-layer.ts';
import type { MergeRule } from './merge/merge-rules.ts';
import type { NameAddresses } from './merge/named-endpoints.ts';
import type { ServiceRegistry } from './service-registry.ts';

/** A registry and its place among the others. */
export interface RankedRegistry {
  readonly registry: ServiceRegistry;
  /** Kubernetes before ServiceEntries before all others. */
  readonly rank: number;
  /** Among those of one rank: those of the start first, then as `add` was told, then by id. */
  readonly order: number;
  /** By `namespace/hostname`, with the hosts that its services join beside their own. */
  readonly services: MapCell<Service>;
  readonly endpoints: MapCell<readonly Endpoint[]>;
  readonly workloadTable: WorkloadTable;
}

export interface RegistrySetOptions {
  readonly engine: Engine;
  /** Those that are there from the start to the end, in the order in which they count. */
  readonly fixed: readonly ServiceRegistry[];
  /** What is configured about single hosts, by `namespace/hostname`. */
  readonly rules?: MapCell<MergeRule>;
  /** What DNS says of names that proxies are not to resolve themselves. */
  readonly nameAddresses?: Cell<NameAddresses>;
}

/**
 * The registries of the mesh: a list that changes while the mesh runs. Every change is one revision, in which what the
 * registry has or had changes and nothing else. The list is the same whatever the order in which registries were added.
 */
export class RegistrySet {
  readonly engine: Engine;
  /** By id. */
  readonly layers: MapCell<RankedRegistry>;
  /** Strongest first. */
  readonly workloadTables: Cell<readonly WorkloadTable[]>;
  private readonly table: Table<RankedRegistry>;
  private readonly fixedIds: ReadonlySet<string>;
  readonly rules: MapCell<MergeRule>;
  readonly nameAddresses: Cell<NameAddresses>;
  private readonly aliases: HostAliases;
  private wasSynced = false;

  constructor({ engine, fixed, rules, nameAddresses }: RegistrySetOptions) {
    this.engine = engine;
    this.rules = rules ?? engine.constantMap(new Map());
    this.nameAddresses = nameAddresses ?? engine.constant(new Map());
    this.aliases = hostAliases(engine, this.rules);
    this.table = engine.table();
    this.layers = this.table;
    this.workloadTables = engine.derived((read) => strongestFirst(read(this.layers)).map(({ workloadTable }) => workloadTable));
    this.fixedIds = new Set(fixed.map(({ id }) => id));
    for (const [i, registry] of fixed.entries()) this.add(registry, i - fixed.length);
  }

  /**
   * Adds a registry, with its place among the added ones: equal places are ordered by id.
   * @throws if there is one with this id already.
   */
  add(registry: ServiceRegistry, order = 0): void {
    this.checkIsNew(registry.id);
    this.insert(registry, order);
  }

  /**
   * Puts a registry into the place of another one, in one revision, whatever the id of the new one. Call it when the new
   * one has synced: then no endpoint that both know is ever missing.
   * @throws if there is none with this id, or the new id is that of a third one.
   */
  replace(id: string, registry: ServiceRegistry, order?: number): void {
    const before = this.known(id);
    if (registry.id !== id) this.checkIsNew(registry.id);
    this.engine.batch(() => {
      this.table.delete(id);
      this.insert(registry, order ?? before.order);
    });
  }

  /** Gives an added registry another place among the others. */
  move(id: string, order: number): void {
    const before = this.known(id);
    if (before.order !== order) this.table.set(id, { ...before, order });
  }

  /** Everything that only this registry knows is gone. Removing what is not there does nothing. */
  remove(id: string): void {
    if (this.fixedIds.has(id)) throw new Error(`registry ${id} is there to stay`);
    this.table.delete(id);
  }

  /** Strongest first. */
  list(): readonly ServiceRegistry[] {
    return strongestFirst(this.layers.get()).map(({ registry }) => registry);
  }

  /** True once all have synced, and from then on: a registry that is added later holds nobody up. */
  hasSynced(): boolean {
    this.wasSynced ||= this.list().every((registry) => registry.hasSynced());
    return this.wasSynced;
  }

  private insert(registry: ServiceRegistry, order: number): void {
    const { clusterId, workloads } = registry;
    const byAddress = this.engine.index(workloads, (workload) => workload.addresses);
    const workloadTable = { clusterId, workloads, byAddress };
    this.table.set(registry.id, { registry, rank: rankOf(registry), order, ...this.withAliases(registry), workloadTable });
  }

  /** Only services of live registries join other hosts: those of configuration say their hosts themselves. */
  private withAliases(registry: ServiceRegistry): Pick<RankedRegistry, 'services' | 'endpoints'> {
    const { services, endpoints } = registry;
    if (!isLive({ registry })) return { services, endpoints };
    const { engine, aliases } = this;
    return { services: aliasServices(engine, services, aliases), endpoints: aliasEndpoints(engine, endpoints, aliases) };
  }

  private checkIsNew(id: string): void {
    if (this.table.lookup(id) !== undefined) throw new Error(`two registries with the id ${id}`);
  }

  private known(id: string): RankedRegistry {
    const known = this.table.lookup(id);
    if (!known || this.fixedIds.has(id)) throw new Error(`no registry ${id} that could change`);
    return known;
  }
}

/** The order in which registries count; those of equal place by id. */
export function compareRegistries(a: RankedRegistry, b: RankedRegistry): number {
  return a.rank - b.rank || a.order - b.order || compareText(a.registry.id, b.registry.id);
}

function strongestFirst(layers: ReadonlyMap<string, RankedRegistry>): readonly RankedRegistry[] {
  return [...layers.values()].sort(compareRegistries);
}

function rankOf(registry: ServiceRegistry): number {
  if (registry.provider === 'Kubernetes') return 0;
  return registry.provider === 'External' ? 1 : 2;
}
