import { compareText } from '../model/config-object.ts';

/** The namespaces an object is exported to: as it says, else as the mesh does, else to all. Sorted, without duplicates. */
export function exportToOf(own: readonly string[] | undefined, meshDefault: readonly string[]): readonly string[] {
  const stated = clean(own ?? []);
  if (stated.length > 0) return stated;
  const inherited = clean(meshDefault);
  return inherited.length > 0 ? inherited : ['*'];
}

function clean(names: readonly string[]): string[] {
  const trimmed = names.map((name) => name.trim()).filter((name) => name !== '');
  return [...new Set(trimmed)].sort(compareText);
}
