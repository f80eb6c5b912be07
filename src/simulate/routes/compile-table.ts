import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import { memo } from '../memo.ts';
import { type CompiledRoute, compileRoute } from './compile-route.ts';
import { type VirtualHostIndex, virtualHostIndex } from './virtual-host-index.ts';

/** A route table that is ready to be asked; the routes of a virtual host are compiled when a request first gets there. */
export interface CompiledTable {
  readonly hosts: VirtualHostIndex;
  routesOf(host: VirtualHost): readonly CompiledRoute[];
}

export function compileTable(table: RouteConfiguration): CompiledTable {
  const ignoresParameters = table.ignore_path_parameters_in_path_matching === true;
  return {
    hosts: virtualHostIndex(table),
    routesOf: memo((host: VirtualHost) => (host.routes ?? []).map((route, index) => compileRoute(route, index, ignoresParameters))),
  };
}
