import type { Metadata } from '../../envoy/generated/envoy/config/core/v3/Metadata.ts';
import { fromStruct, type Struct } from '../../lib/struct.ts';
import type { ServedResources } from '../../simulate/resources.ts';
import type { Place } from '../../simulate/step.ts';

/** What a part of a resource says of itself in `filter_metadata.istio`. */
export interface IstioMetadata {
  readonly config?: string;
  readonly rule?: string;
}

/** The resource that a place is in. */
export function resourceAt(resources: ServedResources, { resource, name }: Place): object | undefined {
  switch (resource) {
    case 'listener':
      return resources.listeners.get(name);
    case 'route table':
      return resources.routes.get(name);
    case 'cluster':
      return resources.clusters.get(name);
    case 'endpoints':
      return resources.endpoints.get(name);
  }
}

/** Everything from the resource down to the part, the part last. */
export function partsAt(resources: ServedResources, place: Place): readonly object[] {
  const parts: object[] = [];
  let part: unknown = resourceAt(resources, place);
  for (const step of [...place.path, undefined]) {
    if (typeof part !== 'object' || part === null) break;
    parts.push(part);
    if (step !== undefined) part = (part as Readonly<Record<string | number, unknown>>)[step];
  }
  return parts;
}

/** Of the part, else of the nearest one around it that says something. */
export function metadataAt(resources: ServedResources, place: Place): IstioMetadata {
  for (const part of partsAt(resources, place).toReversed()) {
    const istio = (part as { readonly metadata?: Metadata | null }).metadata?.filter_metadata?.['istio'];
    if (istio) return fromStruct(istio as Struct) as IstioMetadata;
  }
  return {};
}
