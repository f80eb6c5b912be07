import { deepEqual } from '../../lib/deep-equal.ts';
import { compareText } from '../../model/config-object.ts';
import { CheckTable } from './check-table.ts';
import type { CatalogNames, ConsulCheck, ConsulInstance, ServiceAnswer } from './consul-payloads.ts';
import { instanceState } from './instance-state.ts';
import { type InstanceFacts, type InstanceState, instanceKey, type ServiceFacts } from './service-facts.ts';

/** What an answer touched, by service. */
export interface Touched {
  readonly services: ReadonlySet<string>;
  /** Indexes of Consul whose change is thereby known by name. */
  readonly indexes: ReadonlySet<number>;
}

interface HeldService {
  readonly instances: ReadonlyMap<string, ConsulInstance>;
  /** Newest index of the checks that each instance came with; instances without checks of their own are not in it. */
  readonly checkedAt: ReadonlyMap<string, number>;
}

/**
 * What Consul said last, joined: the names out of `catalog/services`, the checks out of `health/state/any`, and the instances of each
 * service as they were read. Where the three contradict each other about a service it has to be read again.
 */
export class ConsulView {
  private readonly isWanted: (name: string) => boolean;
  private names: CatalogNames = new Map();
  private readonly checks = new CheckTable();
  private readonly held = new Map<string, HeldService>();
  private readonly facts = new WeakMap<ConsulInstance, Map<InstanceState, InstanceFacts>>();

  constructor(isWanted: (name: string) => boolean) {
    this.isWanted = isWanted;
  }

  /** Services that the mesh is to see, whether they have been read or not. */
  wantedNames(): readonly string[] {
    return [...this.names.keys()].filter(this.isWanted);
  }

  /** Touched are those that came, went, or whose tags differ. */
  takeNames(names: CatalogNames): ReadonlySet<string> {
    const touched = new Set<string>();
    for (const [name, tags] of names) {
      const before = this.names.get(name);
      if (this.isWanted(name) && (before === undefined || !sameTags(before, tags))) touched.add(name);
    }
    for (const name of this.names.keys()) if (!names.has(name) && this.isWanted(name)) touched.add(name);
    this.names = names;
    for (const name of this.held.keys()) if (!names.has(name) && touched.has(name)) this.held.delete(name);
    return touched;
  }

  takeChecks(list: readonly ConsulCheck[], index: number): Touched {
    const { services, nodes, indexes } = this.checks.replace(list, index);
    const touched = new Set([...services].filter(this.isWanted));
    if (nodes.size > 0) {
      for (const [name, { instances }] of this.held) {
        if (!touched.has(name) && [...instances.values()].some(({ node }) => nodes.has(node))) touched.add(name);
      }
    }
    return { services: touched, indexes };
  }

  /** Returns the newest index among what differs from before; 0 where nothing does. */
  takeService(name: string, { instances, checks }: ServiceAnswer): number {
    const before = this.held.get(name)?.instances;
    let newest = 0;
    const kept = new Map<string, ConsulInstance>();
    for (const instance of instances) {
      const key = instanceKey(instance);
      const known = before?.get(key);
      const isSame = deepEqual(known, instance);
      kept.set(key, isSame && known ? known : instance);
      if (!isSame) newest = Math.max(newest, instance.modifyIndex);
    }
    const checkedAt = new Map<string, number>();
    for (const { serviceId, node, modifyIndex } of checks) {
      if (serviceId === '') continue;
      const key = instanceKey({ node, id: serviceId });
      checkedAt.set(key, Math.max(checkedAt.get(key) ?? 0, modifyIndex));
    }
    this.checks.add(checks);
    if (kept.size === 0 && !this.names.has(name)) this.held.delete(name);
    else this.held.set(name, { instances: kept, checkedAt });
    return newest;
  }

  /** False where names, checks and instances cannot all be of one moment: then the service has to be read again. */
  isConsistent(name: string): boolean {
    const held = this.held.get(name);
    const tags = this.names.get(name);
    if (held === undefined || tags === undefined)
      return held === undefined && tags === undefined && this.checks.ofService(name).length === 0;
    const instances = [...held.instances.values()];
    if (instances.length === 0 || !sameTags(tags, [...new Set(instances.flatMap((instance) => instance.tags))])) return false;
    for (const { node, serviceId } of this.checks.ofService(name)) {
      if (!held.instances.has(instanceKey({ node, id: serviceId }))) return false;
    }
    return instances.every((instance) => {
      const checkedAt = held.checkedAt.get(instanceKey(instance)) ?? Number.POSITIVE_INFINITY;
      return checkedAt > this.checks.index || this.checks.own(instance.node, instance.id).length > 0;
    });
  }

  /** Whether a check carries other tags than its instance: these were changed, or the check has not been written since. */
  hasOtherTags(name: string): boolean {
    const instances = this.held.get(name)?.instances;
    return this.checks.ofService(name).some(({ node, serviceId, serviceTags }) => {
      const instance = instances?.get(instanceKey({ node, id: serviceId }));
      return instance !== undefined && !deepEqual(instance.tags, serviceTags);
    });
  }

  /** Whether the last reading found no instance. */
  isEmpty(name: string): boolean {
    return (this.held.get(name)?.instances.size ?? 0) === 0;
  }

  hasChecks(name: string): boolean {
    return this.checks.ofService(name).length > 0;
  }

  isListed(name: string): boolean {
    return this.names.has(name);
  }

  /** Whether a registration in place can go unseen by the two global watches for want of a check. */
  hasUnchecked(name: string): boolean {
    const held = this.held.get(name);
    return held !== undefined && [...held.instances.keys()].some((key) => !held.checkedAt.has(key));
  }

  /** Undefined where the mesh is not to see it: it is not there, or consists of Consul's own proxies and gateways. */
  factsOf(name: string): ServiceFacts | undefined {
    const held = this.held.get(name);
    if (held === undefined) return undefined;
    const instances = [...held.instances.values()].filter(({ kind }) => kind === '');
    if (instances.length === 0 && held.instances.size > 0) return undefined;
    return { name, instances: instances.map((instance) => this.factsOfInstance(instance)).sort(byKey) };
  }

  /** Of every service that has been read. */
  all(): ReadonlyMap<string, ServiceFacts> {
    return new Map(
      [...this.held.keys()].flatMap((name) => {
        const facts = this.factsOf(name);
        return facts === undefined ? [] : [[name, facts] as const];
      }),
    );
  }

  /** The same object for the same instance in the same state, so that comparing services is cheap. */
  private factsOfInstance(instance: ConsulInstance): InstanceFacts {
    const state = instanceState(this.checks.of(instance.node, instance.id));
    const byState = this.facts.get(instance) ?? new Map<InstanceState, InstanceFacts>();
    this.facts.set(instance, byState);
    const known = byState.get(state);
    if (known !== undefined) return known;
    const { modifyIndex: _, ...lasting } = instance;
    const facts = { ...lasting, state };
    byState.set(state, facts);
    return facts;
  }
}

function byKey(a: InstanceFacts, b: InstanceFacts): number {
  return compareText(a.node, b.node) || compareText(a.id, b.id);
}

/** As sets: Consul gives the tags of all instances in no order. */
function sameTags(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).size === new Set(b).size && b.every((tag) => a.includes(tag));
}
