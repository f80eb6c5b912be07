import type { Index } from '../incremental/cell.ts';
import type { Clock } from '../lib/clock.ts';
import { parseDurationMs } from '../lib/duration.ts';
import type { Logger } from '../lib/log.ts';
import type { ConfigurableRegistry } from '../registry/configurable-registry.ts';
import type { MeshSources } from '../registry/mesh-facts.ts';
import type { WorkloadInstance } from '../registry/workload-instance.ts';
import type { RegistryEntry } from '../schema/mesh-registries/mesh-registries.ts';

export interface LiveRegistrySources extends Omit<MeshSources, 'clusterId'> {
  /** Pods and WorkloadEntries by address. */
  readonly workloads: readonly Index<WorkloadInstance>[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const defaultReadyWithinMs = 30_000;

/** The registry of an entry. Its client is loaded when the first of its kind is configured. */
export async function createLiveRegistry(id: string, entry: RegistryEntry, sources: LiveRegistrySources): Promise<ConfigurableRegistry> {
  if (entry.consul === undefined) throw new Error(`registry ${id} is of no kind: the schema should have refused it`);
  const [{ ConsulServiceRegistry }, { consulSettings }] = await Promise.all([
    import('../registry/consul/consul-service-registry.ts'),
    import('../registry/consul/consul-settings.ts'),
  ]);
  return new ConsulServiceRegistry({
    ...sources,
    id,
    settings: consulSettings(entry.consul),
    random: Math.random,
    log: sources.log.scoped('consul'),
    readyWithinMs: readyWithinMs(sources.env),
  });
}

/** As long as Istio waits for a remote cluster. */
function readyWithinMs(env: LiveRegistrySources['env']): number {
  return parseDurationMs(env['PILOT_REMOTE_CLUSTER_TIMEOUT'] ?? '') ?? defaultReadyWithinMs;
}
