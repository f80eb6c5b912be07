import type { RegistryEntry } from '../schema/mesh-registries/mesh-registries.ts';
import type { LiveServiceRegistry } from './service-registry.ts';

/** A live registry out of a `MeshRegistries` document, which can get another configuration while it runs. */
export interface ConfigurableRegistry extends LiveServiceRegistry {
  /** The configuration in force stays so until the new one has given a complete answer. */
  configure(entry: RegistryEntry): void;
}
