import type { ObjectRef } from '../model/object-ref.ts';
import { kinds } from '../schema/kinds.ts';

/** Kinds whose statuses are ours to write: those of Istio's groups. */
export const kindsWithStatus = kinds.filter(({ group }) => group.endsWith('.istio.io'));

const places = new Map(
  kindsWithStatus.map(({ kind, group, versions, plural }) => [kind, { root: `/apis/${group}/${versions[0]}`, plural }]),
);

/** Where the API server has the object; undefined for kinds that are not Istio's. */
export function objectPath({ kind, namespace, name }: ObjectRef): string | undefined {
  const place = places.get(kind);
  return place && `${place.root}/namespaces/${namespace}/${place.plural}/${name}`;
}

/** Where it has all objects of the kind. */
export function collectionPath(kind: string): string | undefined {
  const place = places.get(kind);
  return place && `${place.root}/${place.plural}`;
}
