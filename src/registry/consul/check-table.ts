import type { ConsulCheck } from './consul-payloads.ts';

/** What a new list of checks says that the one before did not. */
export interface CheckDifference {
  /** Names of services of which a check came, changed or went. */
  readonly services: ReadonlySet<string>;
  /** Nodes of which a check of their own did. */
  readonly nodes: ReadonlySet<string>;
  /** Indexes of Consul that the difference explains. */
  readonly indexes: ReadonlySet<number>;
}

/**
 * All checks, out of `health/state/any`, and those newer ones that came with a service. Both carry indexes of one sequence, so that of two
 * statements about a check the newer one counts, whichever way it came.
 */
export class CheckTable {
  /** The list is the state of this index. */
  index = 0;
  private checks = new Map<string, ConsulCheck>();
  private places = new Map<string, ConsulCheck[]>();
  private readonly newer = new Map<string, ConsulCheck>();

  replace(list: readonly ConsulCheck[], index: number): CheckDifference {
    const before = this.checks;
    const services = new Set<string>();
    const nodes = new Set<string>();
    const indexes = new Set<number>();
    const note = ({ serviceName, node }: ConsulCheck) => (serviceName === '' ? nodes.add(node) : services.add(serviceName));
    this.checks = new Map();
    this.places = new Map();
    for (const check of list) {
      const key = checkKey(check);
      this.checks.set(key, check);
      this.place(check);
      if (before.get(key)?.modifyIndex !== check.modifyIndex) {
        note(check);
        indexes.add(check.modifyIndex);
      }
    }
    for (const [key, check] of before) {
      if (this.checks.has(key)) continue;
      note(check);
      indexes.add(index);
    }
    this.index = index;
    for (const [key, check] of this.newer) if (check.modifyIndex <= index) this.newer.delete(key);
    return { services, nodes, indexes };
  }

  /** Takes what came with a service and is newer than the list. */
  add(checks: Iterable<ConsulCheck>): void {
    for (const check of checks) {
      if (check.modifyIndex > this.index) this.newer.set(checkKey(check), check);
    }
  }

  /** Those of one instance, its node's included. */
  of(node: string, serviceId: string): readonly ConsulCheck[] {
    const listed = [...(this.places.get(placeKey(node, '')) ?? []), ...this.own(node, serviceId)];
    if (this.newer.size === 0) return listed;
    const byKey = new Map(listed.map((check) => [checkKey(check), check] as const));
    for (const [key, check] of this.newer) {
      if (check.node === node && (check.serviceId === '' || check.serviceId === serviceId)) byKey.set(key, check);
    }
    return [...byKey.values()];
  }

  /** Those of the list that are about this instance alone. */
  own(node: string, serviceId: string): readonly ConsulCheck[] {
    return this.places.get(placeKey(node, serviceId)) ?? [];
  }

  /** Those of the list that are about a service, whichever instance. */
  ofService(name: string): readonly ConsulCheck[] {
    return this.byService().get(name) ?? [];
  }

  private grouped: ReadonlyMap<string, readonly ConsulCheck[]> | undefined;
  private groupedFrom: ReadonlyMap<string, ConsulCheck> | undefined;

  private byService(): ReadonlyMap<string, readonly ConsulCheck[]> {
    if (this.grouped === undefined || this.groupedFrom !== this.checks) {
      this.grouped = Map.groupBy(this.checks.values(), ({ serviceName }) => serviceName);
      this.groupedFrom = this.checks;
    }
    return this.grouped;
  }

  private place(check: ConsulCheck): void {
    const key = placeKey(check.node, check.serviceId);
    const list = this.places.get(key);
    if (list) list.push(check);
    else this.places.set(key, [check]);
  }
}

function checkKey({ node, checkId }: ConsulCheck): string {
  return `${node}\n${checkId}`;
}

function placeKey(node: string, serviceId: string): string {
  return `${node}\n${serviceId}`;
}
