import { parseConsulUrl, RegistryUrlError } from '../registry/consul/parse-consul-url.ts';
import { type RegistryEntry, registryIdOf } from '../schema/mesh-registries/mesh-registries.ts';
import { StartupError } from './startup-error.ts';

/** What `--registry` names. Throws a `StartupError` that says what is wrong with a URL. */
export function statedRegistries(urls: readonly string[]): readonly RegistryEntry[] {
  const entries = urls.map(entryOf);
  const seen = new Set<string>();
  for (const id of entries.map(registryIdOf)) {
    if (seen.has(id)) throw new StartupError(`--registry: two are called ${id}; give each an id=... of its own`);
    seen.add(id);
  }
  return entries;
}

function entryOf(url: string): RegistryEntry {
  try {
    return parseConsulUrl(url);
  } catch (error) {
    if (error instanceof RegistryUrlError) throw new StartupError(`--registry: ${error.message}`);
    throw error;
  }
}
