import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import { isWildcard } from '../../model/hostname.ts';
import type { VirtualService } from '../../schema/virtual-service/virtual-service.ts';
import { virtualServicesForHost } from '../routing/l4-route.ts';
import { type MergedVirtualService, mergeDelegates } from '../routing/merge-delegates.ts';
import { rankVirtualServices, virtualServicesOfGateway } from '../routing/pick-virtual-service.ts';
import { resolveVirtualService } from '../routing/resolve-virtual-service.ts';
import { bindsTo, meshGateway, type ResolvedVirtualService } from '../routing/resolved-virtual-service.ts';
import { wildcardsByTail, wildcardsFor } from '../routing/wildcard-hosts.ts';
import type { MeshSettings } from '../settings.ts';
import { isPublic, namespacesSeeing } from '../visibility.ts';
import { sameElements } from './same-elements.ts';

/** Which VirtualServices hold for a host, a namespace, a gateway. */
export interface VirtualServices {
  /** Roots with their delegates merged in, by `namespace/name`. */
  readonly merged: MapCell<MergedVirtualService>;
  /** Bound to sidecars and visible to every namespace, by `namespace/name`. */
  readonly publicRoots: MapCell<ResolvedVirtualService>;
  /** For sidecars of a namespace (empty: of any that has no say of its own): those that hold for a host, best first. */
  readonly forHost: (clientNamespace: string, hostname: string) => Cell<readonly ResolvedVirtualService[]>;
  /** For sidecars of a namespace: all that have a host in common with a service, in order of precedence (byte streams ask for all). */
  readonly allForHost: (clientNamespace: string, hostname: string) => Cell<readonly ResolvedVirtualService[]>;
  /** Bound to sidecars and visible to the namespace only, or to it before others: those that make it differ from the rest. */
  readonly specialTo: (namespace: string) => Cell<readonly ResolvedVirtualService[]>;
  /** All that sidecars of a namespace may see, in order of precedence. */
  readonly visibleTo: (clientNamespace: string) => Cell<readonly ResolvedVirtualService[]>;
  /** Bound to sidecars, by `namespace/name`: all, or those of a namespace. */
  readonly ofMesh: MapCell<ResolvedVirtualService>;
  readonly ofNamespace: (namespace: string) => Cell<ReadonlyMap<string, ResolvedVirtualService>>;
  /** Bound to a gateway `namespace/name` and visible to proxies of a namespace, in Istio's order. */
  readonly forGateway: (gateway: string, clientNamespace: string) => Cell<readonly ResolvedVirtualService[]>;
  /** Bound to sidecars: those with this destination host. */
  readonly withDestination: (hostname: string) => Cell<ReadonlyMap<string, ResolvedVirtualService>>;
  /** Bound to sidecars: those that look at who asks (sourceLabels, sourceNamespace). */
  readonly lookingAtSource: Cell<ReadonlyMap<string, ResolvedVirtualService>>;
}

export function virtualServices(
  engine: Engine,
  objects: MapCell<ConfigObject<VirtualService>>,
  settings: Cell<MeshSettings>,
): VirtualServices {
  const resolved = engine.mapValues(objects, (object, _key, read) => resolveVirtualService(object, read(settings)));
  const merged = engine.mapValues(resolved, (virtualService, _key, read) =>
    virtualService.hosts.length === 0
      ? undefined
      : mergeDelegates(virtualService, (namespace, name) => read(resolved.at(`${namespace}/${name}`))),
  );
  const roots = engine.mapValues(merged, (entry) => entry.virtualService);
  const ofMesh = engine.mapValues(roots, (root) => (bindsTo(root, meshGateway) ? root : undefined));
  const publicRoots = engine.mapValues(ofMesh, (root) => (isPublic(root.exportTo) ? root : undefined));
  const byHost = engine.index(ofMesh, (root) => root.hosts.filter((host) => !isWildcard(host)));
  const withWildcards = engine.index(ofMesh, (root) => (root.hosts.some(isWildcard) ? [''] : []));
  const byTail = engine.derived((read) => wildcardsByTail(read(withWildcards.group('')).values()));
  const byAudience = engine.index(ofMesh, (root) => (isPublic(root.exportTo) ? [] : namespacesSeeing(root.exportTo, root.namespace)));
  const byGateway = engine.index(roots, (root) => root.gateways);
  const byDestination = engine.index(ofMesh, destinationHosts);
  const lookingAtSource = engine.index(ofMesh, (root) => (looksAtSource(root) ? [''] : []));

  const ranked = engine.family<readonly ResolvedVirtualService[]>((key, read) => {
    const at = key.indexOf('/');
    const [namespace, host] = [key.slice(0, at), key.slice(at + 1)];
    return rankVirtualServices(host, [...read(byHost.group(host)).values()], wildcardsFor(host, read(byTail)), { namespace });
  }, sameElements);
  const common = engine.family<readonly ResolvedVirtualService[]>((key, read) => {
    const at = key.indexOf('/');
    const [namespace, host] = [key.slice(0, at), key.slice(at + 1)];
    const wildcards = isWildcard(host) ? read(withWildcards.group('')).values() : wildcardsFor(host, read(byTail));
    const candidates = new Set([...read(byHost.group(host)).values(), ...wildcards]);
    return virtualServicesForHost(host, virtualServicesOfGateway(meshGateway, [...candidates], namespace));
  }, sameElements);
  const special = engine.family<readonly ResolvedVirtualService[]>(
    (namespace, read) => [...read(byAudience.group(namespace)).values()],
    sameElements,
  );
  const gateway = engine.family<readonly ResolvedVirtualService[]>((key, read) => {
    const at = key.indexOf('|');
    return virtualServicesOfGateway(key.slice(0, at), [...read(byGateway.group(key.slice(0, at))).values()], key.slice(at + 1));
  }, sameElements);
  const visibleTo = engine.family<readonly ResolvedVirtualService[]>(
    (namespace, read) => virtualServicesOfGateway(meshGateway, [...read(ofMesh).values()], namespace),
    sameElements,
  );
  const byNamespace = engine.index(ofMesh, (root) => [root.namespace]);
  return {
    merged,
    publicRoots,
    visibleTo,
    ofMesh,
    ofNamespace: byNamespace.group,
    forHost: (clientNamespace, hostname) => ranked(`${clientNamespace}/${hostname}`),
    allForHost: (clientNamespace, hostname) => common(`${clientNamespace}/${hostname}`),
    specialTo: special,
    forGateway: (name, clientNamespace) => gateway(`${name}|${clientNamespace}`),
    withDestination: byDestination.group,
    lookingAtSource: lookingAtSource.group(''),
  };
}

/** Every destination host of a VirtualService, each once. */
export function destinationHosts(root: ResolvedVirtualService): readonly string[] {
  const hosts = new Set<string>();
  const add = (host: string | undefined) => host !== undefined && hosts.add(host);
  for (const rule of root.http) {
    for (const { destination } of rule.route ?? []) add(destination?.host);
    for (const { destination } of rule.mirrors ?? []) add(destination?.host);
    add(rule.mirror?.host);
  }
  for (const rule of [...root.tls, ...root.tcp]) for (const { destination } of rule.route ?? []) add(destination?.host);
  return [...hosts];
}

function looksAtSource(root: ResolvedVirtualService): boolean {
  const looks = (match: { readonly sourceLabels?: object; readonly sourceNamespace?: string }) =>
    match.sourceNamespace !== undefined || match.sourceLabels !== undefined;
  return [...root.http, ...root.tls, ...root.tcp].some((rule) => (rule.match ?? []).some(looks));
}
