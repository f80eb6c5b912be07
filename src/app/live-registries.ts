import type { MapCell } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import { deepEqual } from '../lib/deep-equal.ts';
import type { Logger } from '../lib/log.ts';
import { onAbort } from '../lib/on-abort.ts';
import type { ConfigObject } from '../model/config-object.ts';
import type { ConfigurableRegistry } from '../registry/configurable-registry.ts';
import type { RegistrySet } from '../registry/registry-set.ts';
import { type MeshRegistries, type RegistryEntry, registryIdOf } from '../schema/mesh-registries/mesh-registries.ts';

export interface LiveRegistriesOptions {
  readonly engine: Engine;
  readonly registries: RegistrySet;
  /** Those of the command line; they come first and do not change. */
  readonly stated: readonly RegistryEntry[];
  readonly documents: MapCell<ConfigObject<MeshRegistries>>;
  readonly create: (id: string, entry: RegistryEntry) => Promise<ConfigurableRegistry>;
  readonly log: Logger;
}

interface Running {
  readonly registry: ConfigurableRegistry;
  readonly end: AbortController;
  readonly started: Promise<void>;
  entry: RegistryEntry;
}

/** The registries that the command line and `MeshRegistries` documents name: they come, go and change with the documents. */
export class LiveRegistries {
  private readonly options: LiveRegistriesOptions;
  private readonly running = new Map<string, Running>();
  private hasBegun = false;
  private work: Promise<void> = Promise.resolve();
  private isScheduled = false;

  constructor(options: LiveRegistriesOptions) {
    this.options = options;
  }

  /** Whether everything that is configured has been added to the set; only then does it mean anything that the set has synced. */
  areAdded(): boolean {
    const { stated, documents } = this.options;
    return this.hasBegun || (stated.length === 0 && documents.get().size === 0);
  }

  /** Call it when the configuration has been read. Resolves when no registry holds up the rest of the mesh any more; ends with the signal. */
  async start(signal: AbortSignal): Promise<void> {
    const { engine, documents } = this.options;
    const schedule = () => {
      if (this.isScheduled || signal.aborted) return;
      this.isScheduled = true;
      // Whoever changed the documents is not to wait, nor to find another change in the middle of theirs.
      this.work = this.work.then(() => {
        this.isScheduled = false;
        return this.settle(signal);
      });
    };
    onAbort(signal, engine.observe(documents, schedule));
    schedule();
    await this.work;
    this.hasBegun = true;
    await Promise.all([...this.running.values()].map(({ started }) => started));
  }

  private async settle(signal: AbortSignal): Promise<void> {
    const wanted = this.wanted();
    const { registries, log } = this.options;
    for (const [id, { end }] of this.running) {
      if (wanted.has(id)) continue;
      end.abort();
      this.running.delete(id);
      registries.remove(id);
      log.info({ registry: id }, `registry ${id} is configured no more, and its services are gone`);
    }
    let order = 0;
    for (const [id, entry] of wanted) await this.put(id, entry, order++, signal);
  }

  private async put(id: string, entry: RegistryEntry, order: number, signal: AbortSignal): Promise<void> {
    const { registries, create, log } = this.options;
    const known = this.running.get(id);
    if (known !== undefined) {
      registries.move(id, order);
      if (deepEqual(known.entry, entry)) return;
      known.entry = entry;
      known.registry.configure(entry);
      log.info({ registry: id }, `registry ${id} has a new configuration, which is in force once it has synced`);
      return;
    }
    const registry = await create(id, entry);
    const end = new AbortController();
    registries.add(registry, order);
    this.running.set(id, { registry, end, entry, started: registry.start(AbortSignal.any([signal, end.signal])) });
  }

  /** By id, in the order in which they count: those of the command line, then documents by name. Of two with one id the first counts. */
  private wanted(): ReadonlyMap<string, RegistryEntry> {
    const { stated, documents, log } = this.options;
    const entries = [...stated, ...[...documents.get().values()].flatMap(({ spec }) => spec.registries)];
    const wanted = new Map<string, RegistryEntry>();
    for (const entry of entries) {
      const id = registryIdOf(entry);
      if (!wanted.has(id)) wanted.set(id, entry);
      else log.warn({ registry: id }, `two registries are called ${id}; the one that was named first counts`);
    }
    return wanted;
  }
}
