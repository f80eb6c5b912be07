import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import { isHttp, parseProtocol } from '../../model/protocol.ts';
import { buildSidecarRouteConfig } from '../routes/sidecar-route-config.ts';
import type { OwnedEntry } from './settled-entries.ts';
import { type SidecarRouteEntries, takesEveryPort } from './sidecar-route-entries.ts';

/**
 * Route tables of workloads whose Sidecar has several egress listeners, one for a port, or one with hosts in full: those of each listener
 * as a whole. Of other Sidecars there is nothing in it.
 */
export function sidecarRouteViews(mesh: Mesh, entries: SidecarRouteEntries): (scope: OutboundScope) => MapCell<RouteConfiguration> {
  const views = mesh.engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    return mesh.engine.mapFrom((read) => {
      const resources = new Map<string, RouteConfiguration>();
      const { sidecar = '' } = scope;
      if (read(mesh.sidecars.isLaidOutAsNamespace(sidecar))) return resources;
      const { egress = [] } = read(mesh.inputs.config.sidecars.at(sidecar))?.spec ?? {};
      for (const index of egress.keys()) {
        for (const table of egressTables(mesh, read, scope, { index, entries: [...read(entries(scope, index)).values()] })) {
          // The first listener with a port has it to itself; the catch-all comes last.
          if (!resources.has(table.name ?? '')) resources.set(table.name ?? '', table);
        }
      }
      return resources;
    });
  });
  return (scope) => views(scopeKey(scope));
}

interface EgressEntries {
  /** The place of the listener among those of its Sidecar. */
  readonly index: number;
  readonly entries: readonly OwnedEntry[];
}

function egressTables(mesh: Mesh, read: Read, scope: OutboundScope, { index, entries }: EgressEntries): readonly RouteConfiguration[] {
  const { sidecar = '', namespace } = scope;
  const egress = read(mesh.sidecars.egress({ sidecar, clientNamespace: namespace, index }).listener);
  const port = egress?.port;
  const unknownHosts = read(mesh.inputs.config.sidecars.at(sidecar))?.spec.outboundTrafficPolicy;
  const settings = read(mesh.settingsFor(scope.ownHeaders));
  const table = (routeName: string, owned: readonly OwnedEntry[], isHttpProxy = false) =>
    buildSidecarRouteConfig({
      routeName,
      entries: owned.map(({ entry }) => entry),
      clientNamespace: namespace,
      settings,
      isHttpProxy,
      ...(unknownHosts && { unknownHosts }),
    });
  if (takesEveryPort(egress)) {
    const routeName = (port?.number ?? 0) === 0 ? (egress?.bind ?? '') : String(port?.number);
    return [table(routeName, entries, parseProtocol(port?.protocol) === 'HTTP_PROXY')];
  }
  const ports = port?.number === undefined ? new Set(entries.map(({ entry }) => entry.port)) : [port.number];
  // A listener that speaks HTTP asks for its port's table even where nothing that it imports has an HTTP port of that number.
  const asked = port?.number !== undefined && isHttp(parseProtocol(port.protocol)) ? [String(port.number)] : [];
  return [...ports].flatMap((number) => {
    const ofPort = entries.filter(({ entry }) => entry.port === number);
    const names = new Set([...asked, ...ofPort.flatMap(({ tables }) => tables)]);
    return [...names].map((routeName) => table(routeName, ofPort));
  });
}
