import type { Filter } from '../../envoy/generated/envoy/config/listener/v3/Filter.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import { type NamedFilter, typeOf } from './filter-list.ts';
import type { Plain } from './patch-codec.ts';
import { managerType } from './patch-http-filters.ts';
import { patchRouteConfig } from './patch-route-config.ts';
import type { PatchRun } from './patch-run.ts';

/** The route tables inside of a workload's inbound chains: Istio patches them before the listeners that hold them. */
export function patchInlineTables(listener: Listener, run: PatchRun): Listener {
  const { patches } = run;
  if (!patches.has('ROUTE_CONFIGURATION') && !patches.has('VIRTUAL_HOST') && !patches.has('HTTP_ROUTE')) return listener;
  const chains = (listener.filter_chains ?? []).map((chain) => {
    const filters = (chain.filters ?? []).map((filter) => patchManager(filter as NamedFilter, run) as Filter);
    return { ...chain, filters };
  });
  return { ...listener, filter_chains: chains };
}

function patchManager(filter: NamedFilter, run: PatchRun): NamedFilter {
  const config = filter.typed_config as Plain | null | undefined;
  const table = config?.['route_config'];
  if (typeOf(config) !== managerType || !table) return filter;
  return { ...filter, typed_config: { ...config, route_config: patchRouteConfig(table as RouteConfiguration, run) } };
}
