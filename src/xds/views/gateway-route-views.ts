import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { MergedServer } from '../../mesh/gateways/merged-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type GatewayScope, scopeKey } from '../../mesh/scope.ts';
import { buildGatewayRouteConfig, type GatewayRouteConfigInput, type GatewayRouteServer } from '../routes/gateway-route-config.ts';
import { buildHttpRoutes } from '../routes/http-routes.ts';
import { gatewayRule, gatewayService } from './gateway-facts.ts';

/** Servers and name of one table; the name stands beside them as the servers of several tables may be equal. */
type TableServers = readonly GatewayRouteServer[];

/**
 * Route tables of gateways by name. A table reads the VirtualServices of its own Gateways, and the services and rules that
 * those lead to: a change of any other costs it nothing.
 */
export function gatewayRouteViews(mesh: Mesh): (scope: GatewayScope) => MapCell<RouteConfiguration> {
  const { engine } = mesh;
  const views = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as GatewayScope;
    const servers = engine.mapFrom<TableServers>((read) => serversByTable(read(mesh.gateways.merged(scope)).routes), sameServers);
    return engine.mapValues(servers, (ofTable, routeName, read) =>
      buildGatewayRouteConfig(tableInput(mesh, read, scope, routeName, ofTable)),
    );
  });
  return (scope) => {
    const { observed: _, ...rest } = scope;
    return views(scopeKey(rest));
  };
}

function* serversByTable(routes: ReadonlyMap<string, readonly MergedServer[]>): Iterable<readonly [string, TableServers]> {
  for (const [routeName, servers] of routes) yield [routeName, servers.map(routeServer)];
}

function routeServer({ gateway, port, hosts, tls }: MergedServer): GatewayRouteServer {
  return { gateway, port: port.number, hosts, hasTls: tls !== undefined, httpsRedirect: tls?.httpsRedirect === true };
}

function sameServers(a: TableServers, b: TableServers): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function tableInput(mesh: Mesh, read: Read, scope: GatewayScope, routeName: string, servers: TableServers): GatewayRouteConfigInput {
  const settings = read(mesh.settingsFor(scope.ownSettings));
  const made = new Map<string, ReturnType<typeof buildHttpRoutes>>();
  return {
    routeName,
    role: scope.role,
    servers,
    settings,
    serviceOf: (host, namespace) => gatewayService(mesh, read, scope, host, namespace),
    virtualServicesOf: (gateway) => read(mesh.virtualServices.forGateway(gateway, scope.namespace)),
    routesOf: (virtualService, { gateway, port, hasTls }) => {
      // As in Istio the first server of a Gateway that shows a VirtualService decides which port its matches are held against.
      const key = `${gateway}|${virtualService.namespace}/${virtualService.name}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      const findService = (host: string) => gatewayService(mesh, read, scope, host, virtualService.namespace);
      const routes = buildHttpRoutes({
        virtualService,
        listenerPort: port,
        gateways: new Set([gateway]),
        scope,
        findService,
        findRule: (host) => gatewayRule(mesh, read, scope, findService(host)),
        settings,
        isTls: hasTls,
      });
      made.set(key, routes);
      return routes;
    },
  };
}
