import { Engine } from '../../src/incremental/engine.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import type { Endpoint } from '../../src/model/endpoint.ts';
import type { Service } from '../../src/model/service.ts';
import { ConsulServiceRegistry } from '../../src/registry/consul/consul-service-registry.ts';
import { consulSettings } from '../../src/registry/consul/consul-settings.ts';
import type { WorkloadInstance } from '../../src/registry/workload-instance.ts';
import type { ConsulRegistry } from '../../src/schema/mesh-registries/consul-registry.ts';

export interface ConsulRegistryFixture {
  readonly engine: Engine;
  readonly registry: ConsulServiceRegistry;
  /** Resolves as `start` of the registry does. */
  readonly started: Promise<void>;
  /** Every line of the log so far. */
  readonly log: readonly string[];
  /** Changes of services and of endpoints that a reader would have been told of. */
  readonly changes: { services: number; endpoints: number };
  service(host: string): Service | undefined;
  /** `address:port health` of each endpoint; undefined where there is no such service. */
  endpoints(host: string): readonly string[] | undefined;
  endpoint(host: string): Endpoint | undefined;
  stop(): void;
}

export interface FixtureOptions {
  readonly clock?: Clock;
  readonly readyWithinMs?: number;
  readonly workloads?: (engine: Engine) => ReadonlyMap<string, WorkloadInstance>;
  readonly id?: string;
}

/** A registry on its own engine, observed as a mesh would. Hosts are told without `.service.consul`, and are of the namespace `consul`. */
export function startRegistry(consul: ConsulRegistry, options: FixtureOptions = {}): ConsulRegistryFixture {
  const { clock = systemClock, readyWithinMs = 30_000, id = 'consul' } = options;
  const engine = new Engine();
  const log: string[] = [];
  const workloads = options.workloads === undefined ? [] : [engine.constantMap(options.workloads(engine))];
  const registry = new ConsulServiceRegistry({
    id,
    settings: consulSettings(consul),
    engine,
    namespaces: engine.constantMap(new Map()),
    meshConfig: engine.constant({}),
    workloads: workloads.map((table) => engine.index(table, ({ workload }) => workload.addresses)),
    clock,
    random: () => 0.5,
    log: createLogger({ level: 'debug', destination: { write: (line) => log.push(line) } }),
    readyWithinMs,
  });
  const changes = { services: 0, endpoints: 0 };
  const end = new AbortController();
  watchChanges(engine, registry, changes, end.signal);
  const started = registry.start(end.signal);
  const key = (host: string) => (host.includes('/') ? host : `consul/${host}${host.endsWith('.consul') ? '' : '.service.consul'}`);
  return {
    engine,
    registry,
    started,
    log,
    changes,
    service: (host) => registry.services.lookup(key(host)),
    endpoints: (host) => registry.endpoints.lookup(key(host))?.map(({ address, port, health }) => `${address}:${port} ${health}`),
    endpoint: (host) => registry.endpoints.lookup(key(host))?.[0],
    stop: () => end.abort(),
  };
}

/** Counts keys that really changed, as views of proxies see them. */
function watchChanges(
  engine: Engine,
  registry: ConsulServiceRegistry,
  counts: ConsulRegistryFixture['changes'],
  signal: AbortSignal,
): void {
  for (const kind of ['services', 'endpoints'] as const) {
    let seen = engine.revision;
    const count = () => {
      counts[kind] += registry[kind].changedSince(seen)?.size ?? 0;
      seen = engine.revision;
    };
    const stop = engine.observe(registry[kind], count);
    registry[kind].get();
    seen = engine.revision;
    signal.addEventListener('abort', stop, { once: true });
  }
}
