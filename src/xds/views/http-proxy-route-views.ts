import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import type { Service } from '../../model/service.ts';
import { httpProxyRouteName } from '../listeners/http-proxy-listener.ts';
import { buildSidecarRouteConfig } from '../routes/sidecar-route-config.ts';
import { type RouteWorld, serviceEntries, unregisteredEntries } from './route-entries.ts';
import { egressWorld, namespaceWorld } from './route-worlds.ts';

/** For every listener port at once. */
const anyPort = 0;

/**
 * The route table of an HTTP proxy for the workload, with every service on every port. Under a Sidecar it holds what the
 * egress listener without a port imports, and without such a listener nothing.
 */
export function httpProxyRouteViews(mesh: Mesh): (scope: OutboundScope) => MapCell<RouteConfiguration> {
  const { engine } = mesh;
  const views = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    return engine.mapFrom((read) => {
      const sidecar = scope.sidecar === undefined ? undefined : read(mesh.sidecars.scope(scope.sidecar, scope.namespace));
      const unknownHosts = sidecar?.source.spec.outboundTrafficPolicy;
      const table = buildSidecarRouteConfig({
        routeName: httpProxyRouteName,
        entries: entries(),
        clientNamespace: scope.namespace,
        settings: read(mesh.settingsFor(scope.ownHeaders)),
        ...(unknownHosts && { unknownHosts }),
      });
      return [[httpProxyRouteName, table] as const];

      function entries() {
        if (sidecar === undefined) {
          const world = namespaceWorld(mesh, read, scope);
          return entriesOf(world, world.servicesUnder('*'), read(mesh.virtualServices.visibleTo(scope.namespace)));
        }
        const index = sidecar.egress.findIndex(({ listener }) => listener?.port === undefined);
        const egress = sidecar.egress[index];
        if (egress === undefined) return [];
        return entriesOf(egressWorld(mesh, read, scope, index), egress.services.values(), egress.virtualServices);
      }
    });
  });
  return (scope) => views(scopeKey(scope));
}

function entriesOf(world: RouteWorld, services: Iterable<Service>, roots: readonly ResolvedVirtualService[]) {
  return [
    ...[...services].flatMap((service) => serviceEntries(world, service, anyPort)),
    ...roots.flatMap((root) => unregisteredEntries(world, root, anyPort)),
  ];
}
