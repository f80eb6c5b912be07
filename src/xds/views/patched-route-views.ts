import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { MergedGateway } from '../../mesh/gateways/merged-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type GatewayScope, type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import { checkedPatch } from '../patches/checked-patch.ts';
import type { PatchContext, PatchSet } from '../patches/compiled-patch.ts';
import { type PatchedHost, patchRouteConfig, type RouteRun } from '../patches/patch-route-config.ts';
import { constraintText, tableFault } from '../patches/resource-faults.ts';
import { portOfGatewayTable } from '../patches/route-match.ts';
import type { Patching } from './patching.ts';

type Tables<S> = (scope: S) => MapCell<RouteConfiguration>;

export interface AllTables {
  readonly ofNamespace: Tables<OutboundScope>;
  readonly ofSidecar: Tables<OutboundScope>;
  readonly ofHttpProxy: Tables<OutboundScope>;
  readonly ofGateway: Tables<GatewayScope>;
}

/** Whose tables, and what they are patched with: a text of `ProxyPatches`. */
export type PatchedRouteScope =
  | { readonly gateway: GatewayScope; readonly patches: string }
  | { readonly gateway?: undefined; readonly outbound: OutboundScope; readonly hasHttpProxy: boolean; readonly patches: string };

/**
 * Route tables after the patches of EnvoyFilters: whole, under Istio's names, before they are taken apart. Virtual hosts that
 * no patch touches stay the same objects, and those that one does are made again only when they or the patches change.
 */
export function patchedRouteViews(
  mesh: Mesh,
  tables: AllTables,
  { codec, outcomes, sets, provenance }: Patching,
): Tables<PatchedRouteScope> {
  const { engine } = mesh;
  const known: Remembered = new WeakMap();
  const constraints = new TableConstraints(codec);
  const tablesOf = (scope: PatchedRouteScope): MapCell<RouteConfiguration> => {
    if (scope.gateway !== undefined) return tables.ofGateway(scope.gateway);
    const { outbound, hasHttpProxy } = scope;
    const ofServices = (outbound.sidecar === undefined ? tables.ofNamespace : tables.ofSidecar)(outbound);
    return hasHttpProxy ? engine.overlay<RouteConfiguration>([tables.ofHttpProxy(outbound), ofServices]) : ofServices;
  };
  const views = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as PatchedRouteScope;
    const { gateway } = scope;
    const context: PatchContext = gateway === undefined ? 'SIDECAR_OUTBOUND' : 'GATEWAY';
    return engine.mapValues(tablesOf(scope), (table, _name, read) => {
      const patches = read(sets.of(scope.patches));
      const remember = remembering(known, patches, provenance);
      const facts = gateway === undefined ? {} : { servicePorts: servicePorts(read(mesh.gateways.merged(gateway))) };
      const all = gateway === undefined ? { remember } : facts;
      const patched = checkedPatch<RouteConfiguration>({
        codec,
        context,
        patches,
        pass: (run) => patchRouteConfig(table, { ...run, ...(run.patches === patches ? all : facts) }),
        faultOf: (value) => tableFault(value) ?? constraints.faultOf(table, value),
      });
      outcomes.note(patches, { name: table.name ?? '', id: `${key}|${table.name}`, of: table }, patched);
      const value = patched.value ?? table;
      if (value !== table) provenance.set(value, patched.applied);
      return value;
    });
  });
  return (scope) => views(scopeKey(scope));
}

type Remembered = WeakMap<VirtualHost, WeakMap<PatchSet, Map<string, PatchedHost>>>;

function remembering(known: Remembered, patches: PatchSet, provenance: Patching['provenance']): NonNullable<RouteRun['remember']> {
  return (host, table, make) => {
    const ofHost = known.get(host) ?? new WeakMap<PatchSet, Map<string, PatchedHost>>();
    known.set(host, ofHost);
    const byTable = ofHost.get(patches) ?? new Map<string, PatchedHost>();
    ofHost.set(patches, byTable);
    const before = byTable.get(table);
    if (before !== undefined) return before;
    const made = make();
    if (made.host !== undefined && made.host !== host) provenance.set(made.host, made.applied);
    byTable.set(table, made);
    return made;
  };
}

/** By the port that is opened, the ports of servers behind the table's name (Istio `getTargetPortMap`). */
function servicePorts({ routes }: MergedGateway): ReadonlyMap<number, ReadonlySet<number>> {
  const ports = new Map<number, Set<number>>();
  for (const [name, servers] of routes) {
    const opened = portOfGatewayTable(name);
    const known = ports.get(opened) ?? new Set<number>();
    for (const { port } of servers) known.add(port.number);
    ports.set(opened, known);
  }
  return ports;
}

/** Of the table itself and of the virtual hosts that were patched, each looked at once: a table may have thousands. */
class TableConstraints {
  private readonly codec: Patching['codec'];
  private readonly known = new WeakMap<VirtualHost, string>();

  constructor(codec: Patching['codec']) {
    this.codec = codec;
  }

  faultOf(before: RouteConfiguration, after: RouteConfiguration): string | undefined {
    if (after === before) return undefined;
    const unchanged = new Set(before.virtual_hosts);
    const { virtual_hosts: hosts = [], ...table } = after;
    const ofTable = constraintText(this.codec, 'envoy.config.route.v3.RouteConfiguration', table);
    if (ofTable !== undefined) return ofTable;
    for (const host of hosts) {
      const fault = unchanged.has(host) ? '' : this.ofHost(host);
      if (fault !== '') return fault;
    }
    return undefined;
  }

  private ofHost(host: VirtualHost): string {
    const known = this.known.get(host);
    if (known !== undefined) return known;
    const fault = constraintText(this.codec, 'envoy.config.route.v3.VirtualHost', host);
    const text = fault === undefined ? '' : `${host.name}: ${fault}`;
    this.known.set(host, text);
    return text;
  }
}
