import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import { parseProtocol } from '../../model/protocol.ts';
import type { IstioEgressListener } from '../../schema/sidecar/sidecar.ts';
import { byEntryKey, ownedByRoot, ownedByService } from './owned-entries.ts';
import { serviceEntries, unregisteredEntries } from './route-entries.ts';
import { egressWorld } from './route-worlds.ts';
import type { OwnedEntry } from './settled-entries.ts';

/** Of a scope with a Sidecar and the place of an egress listener: its virtual hosts before they are settled, by port, host and owner. */
export type SidecarRouteEntries = (scope: OutboundScope, index: number) => MapCell<OwnedEntry>;

/** Each is made of its own service or VirtualService: what else a Sidecar imports is not looked at. */
export function sidecarRouteEntries(mesh: Mesh): SidecarRouteEntries {
  const { engine } = mesh;
  const entries = engine.mapFamily((key) => {
    const { scope, index } = JSON.parse(key) as { readonly scope: OutboundScope; readonly index: number };
    const place = { sidecar: scope.sidecar ?? '', clientNamespace: scope.namespace, index };
    const { listener, services, virtualServices } = mesh.sidecars.egress(place);
    const ofServices = engine.flatMap(services, (service, _host, read) => {
      const world = egressWorld(mesh, read, scope, index);
      const egress = read(listener);
      return byEntryKey(ownedByService(world, service, serviceEntries(world, service, listenerPortOf(egress)), egress));
    });
    const ofRoots = engine.flatMap(virtualServices, (root, vsKey, read) =>
      byEntryKey(ownedByRoot(vsKey, unregisteredEntries(egressWorld(mesh, read, scope, index), root, listenerPortOf(read(listener))))),
    );
    return engine.overlay<OwnedEntry>([ofServices, ofRoots]);
  });
  return (scope, index) => entries(scopeKey({ scope, index }));
}

/** Whether requests of every port come in at a Sidecar's listener: it is an HTTP proxy or a Unix socket. */
export function takesEveryPort(egress: IstioEgressListener | undefined): boolean {
  return parseProtocol(egress?.port?.protocol) === 'HTTP_PROXY' || (egress?.bind?.startsWith('unix://') ?? false);
}

function listenerPortOf(egress: IstioEgressListener | undefined): 0 | undefined {
  return takesEveryPort(egress) ? 0 : undefined;
}
