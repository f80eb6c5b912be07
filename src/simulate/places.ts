import type { Metadata } from '../envoy/generated/envoy/config/core/v3/Metadata.ts';
import type { Place, ResourceKind } from './step.ts';

/** A part of a resource; `origin` is read from the part's metadata where it has any. */
export function placeOf(resource: ResourceKind, name: string, path: Place['path'] = [], metadata?: Metadata | null): Place {
  const origin = originOf(metadata);
  return { resource, name, path, ...(origin !== undefined && { origin }) };
}

/** Something deeper inside of a part; what it comes from is the same where it does not say otherwise. */
export function partOf(place: Place, path: Place['path'], metadata?: Metadata | null): Place {
  const origin = originOf(metadata) ?? place.origin;
  return { ...place, path: [...place.path, ...path], ...(origin !== undefined && { origin }) };
}

function originOf(metadata: Metadata | null | undefined): string | undefined {
  return istioText(metadata, 'config');
}

/** A text of Istio's in the metadata of a resource. */
export function istioText(metadata: Metadata | null | undefined, key: string): string | undefined {
  const fields = metadata?.filter_metadata?.['istio']?.fields as Readonly<Record<string, { readonly stringValue?: string }>> | undefined;
  return fields?.[key]?.stringValue;
}
