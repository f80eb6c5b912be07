import type { Part } from '../../incremental/layered-union.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { MergeLayer } from './merge-layer.ts';

/**
 * What the registries of one host are to each other. `union`: all serve it. `priority`: the strongest with a healthy
 * endpoint does, the others wait. `exclusive`: the strongest that knows the host does, the others are shadowed.
 */
export const mergeModes = ['union', 'priority', 'exclusive'] as const;
export type MergeMode = (typeof mergeModes)[number];

/** The parts that make the service. Ports and addresses are those of all that may serve, so that a failover changes none. */
export function countedServices<T>(parts: readonly Part<MergeLayer, T>[], mode: MergeMode): readonly Part<MergeLayer, T>[] {
  return mode === 'exclusive' ? (teams(parts)[0] ?? []) : parts;
}

/** The parts whose endpoints are used. Of the registries that are `known` to have the service none may be without endpoints. */
export function countedEndpoints<L extends MergeLayer>(
  parts: readonly Part<L, readonly Endpoint[]>[],
  mode: MergeMode,
): readonly Part<L, readonly Endpoint[]>[] {
  if (mode === 'union') return parts;
  const all = teams(parts);
  if (mode === 'exclusive') return all[0] ?? [];
  return all.find((team) => team.some(({ value }) => value.some(({ health }) => health === 'HEALTHY'))) ?? all[0] ?? [];
}

/** Clusters of Kubernetes are one team, because one host in several of them is one service; every other registry is its own. */
function teams<P extends { readonly layer: MergeLayer }>(parts: readonly P[]): readonly (readonly P[])[] {
  const out: P[][] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (last?.[0]?.layer.registry.provider === 'Kubernetes' && part.layer.registry.provider === 'Kubernetes') last.push(part);
    else out.push([part]);
  }
  return out;
}
