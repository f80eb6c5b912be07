import { fromStruct, type Struct } from '../lib/struct.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { objectOfConfigPath } from '../xds/config-metadata.ts';

/** What a generated resource says about where it comes from. */
export interface Provenance {
  /** Objects of configuration that shaped parts of it. */
  readonly objects: readonly ObjectRef[];
  /** Host names of the services that it is about. */
  readonly hosts: readonly string[];
}

/** How deep messages nest that we make; what is deeper is the user's own, in an EnvoyFilter. */
const maxDepth = 40;

/** Reads the metadata that `xds/` puts into every part that an object led to (`config-metadata.ts`), each object once. */
export function provenanceOf(resource: unknown): Provenance {
  const objects = new Map<string, ObjectRef>();
  const hosts = new Set<string>();
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > maxDepth || ArrayBuffer.isView(node)) return;
    const istio = istioMetadata(node);
    if (istio) note(istio, objects, hosts);
    for (const value of Object.values(node)) visit(value, depth + 1);
  };
  visit(resource, 0);
  return { objects: [...objects.values()], hosts: [...hosts] };
}

function istioMetadata(node: object): Readonly<Record<string, unknown>> | undefined {
  if (!('filter_metadata' in node) || typeof node.filter_metadata !== 'object' || node.filter_metadata === null) return undefined;
  const { istio } = node.filter_metadata as { readonly istio?: Struct };
  return istio && fromStruct(istio);
}

function note({ config, services }: Readonly<Record<string, unknown>>, objects: Map<string, ObjectRef>, hosts: Set<string>): void {
  const ref = typeof config === 'string' ? objectOfConfigPath(config) : undefined;
  if (ref) objects.set(config as string, ref);
  for (const service of Array.isArray(services) ? (services as readonly unknown[]) : []) {
    if (typeof service === 'object' && service !== null && 'host' in service && typeof service.host === 'string') hosts.add(service.host);
  }
}
