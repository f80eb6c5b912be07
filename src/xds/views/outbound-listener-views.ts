import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { byServiceAge } from '../../mesh/pick-service.ts';
import { type InboundScope, type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import { isPublic } from '../../mesh/visibility.ts';
import { isHttp } from '../../model/protocol.ts';
import type { Service } from '../../model/service.ts';
import type { OutboundEntry } from '../listeners/outbound-entry.ts';
import { buildOutboundListener } from '../listeners/outbound-listener.ts';
import { type EncodedResource, sameResource } from './encoded-resource.ts';
import { byPlace, type PlacedEntry, placedEntries, samePlace } from './placed-entries.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import { routeOverrides } from './route-overrides.ts';
import { namespaceWorld } from './route-worlds.ts';

/** What the listeners of a class of clients depend on. */
type ClientScope = OutboundScope & Pick<InboundScope, 'idleTimeout'>;

/**
 * Listeners for traffic to services, of workloads without a Sidecar. Service ports are grouped by address and port; a group
 * is merged once for all namespaces, and again for a namespace that sees one of its services differently.
 */
export function outboundListenerViews(mesh: Mesh, encoder: ResourceEncoder): (scope: InboundScope) => MapCell<EncodedResource> {
  const { engine } = mesh;
  const overridesOf = routeOverrides(mesh, { shortNames: false });
  const encode = (read: Read, scope: ClientScope, entries: Iterable<PlacedEntry>): EncodedResource | undefined => {
    const listener = listenerOf(mesh, read, scope, entries);
    return listener === undefined ? undefined : encoder.encode(typeUrls.LDS, listener.name ?? '', listener);
  };

  const shared = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as ClientScope;
    return engine.flatMap(
      mesh.services.everywhere,
      (service, _host, read) => byPlace(placedEntries(mesh, read, scope, service)),
      samePlace,
    );
  });
  const sharedGroups = engine.mapFamily((key) => engine.index(shared(key), ({ listener }) => [listener]).groups);
  const sharedByHost = engine.mapFamily((key) => engine.index(shared(key), ({ service }) => [service.hostname]).groups);
  const sharedByBind = engine.mapFamily((key) => engine.index(shared(key), ({ key: { bind } }) => [bind]).groups);
  const sharedListeners = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as ClientScope;
    return engine.mapValues(sharedGroups(key), (group, _name, read) => encode(read, scope, group.values()), sameResource);
  });

  const hostsOf = engine.mapFamily((key) =>
    engine.mapFrom((read) => [...read(overridesOf(JSON.parse(key) as ClientScope)).hosts].map((host) => [host, true] as const)),
  );
  const own = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as ClientScope;
    return engine.flatMap(
      hostsOf(key),
      (_true, host, read) => {
        const service = read(mesh.services.find(scope.namespace, host));
        return service === undefined ? [] : byPlace(placedEntries(mesh, read, scope, service));
      },
      samePlace,
    );
  });
  const ownByBind = engine.mapFamily((key) => engine.index(own(key), ({ key: { bind } }) => [bind]).groups);

  const ofNamespace = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as ClientScope;
    const common = scopeKey(anyClient(scope));
    const hosts = hostsOf(key);
    const ownGroups = engine.index(own(key), ({ listener }) => [listener]).groups;
    const touchedByHost = engine.flatMap(hosts, (_true, host, read) =>
      [...(read(sharedByHost(common).at(host))?.values() ?? [])].map(({ listener }) => [listener, true] as const),
    );
    const touched = engine.union([engine.mapValues(ownGroups, () => true as const), touchedByHost], () => true as const);
    const listeners = engine.mapValues<true, EncodedResource | null>(
      touched,
      (_true, listener, read) => {
        const { hosts: hidden } = read(overridesOf(scope));
        const theirs = [...(read(sharedGroups(common).at(listener))?.values() ?? [])].filter(
          ({ service }) => !hidden.has(service.hostname),
        );
        return encode(read, scope, [...theirs, ...(read(ownGroups.at(listener))?.values() ?? [])]) ?? null;
      },
      sameResource,
    );
    return engine.overlay<EncodedResource>([listeners, sharedListeners(common)]);
  });

  const views = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as ClientScope & { readonly address: string };
    const { address, ...client } = scope;
    const [common, mine] = [sharedByBind(scopeKey(anyClient(client))), ownByBind(scopeKey(client))];
    const ownAddress = engine.mapFrom<EncodedResource | null>((read) =>
      [common, mine].flatMap((entries) =>
        [...(read(entries.at(address))?.values() ?? [])].filter(isOfPod).map(({ listener }) => [listener, null] as const),
      ),
    );
    return engine.overlay<EncodedResource>([ownAddress, ofNamespace(scopeKey(client))]);
  });
  return (scope) => {
    const { workloadLabels: _w, targets: _t, dnsDomain: _d, httpProxyPort: _p, ...rest } = scope;
    return views(scopeKey({ ...rest, dnsDomain: '' }));
  };
}

/** Applications reach their own pod without a listener (Istio skips the proxy's own address of a headless service). */
function isOfPod({ service }: PlacedEntry): boolean {
  return service.addresses.length === 0 && service.resolution === 'Passthrough';
}

function listenerOf(mesh: Mesh, read: Read, scope: ClientScope, entries: Iterable<PlacedEntry>) {
  const ordered = [...entries].sort((a, b) => inOrderOfExport(a.service, b.service) || a.key.port.number - b.key.port.number);
  const world = namespaceWorld(mesh, read, scope);
  const { idleTimeout } = scope;
  return buildOutboundListener(
    ordered.map(({ service, key }): OutboundEntry => {
      // HTTP finds its routes elsewhere: a listener of a thousand HTTP services must not depend on their rules.
      if (isHttp(key.port.protocol)) return { ...key, service, virtualServices: [], rule: undefined };
      const virtualServices = read(mesh.virtualServices.allForHost(scope.namespace, service.hostname));
      return { ...key, service, virtualServices, rule: world.findRule(service.hostname), aliases: world.aliasesOf(service.hostname) };
    }),
    {
      context: { class: 'sidecar-outbound', scope, settings: world.settings, ...(idleTimeout && { idleTimeout }) },
      findService: world.findService,
      findRule: world.findRule,
    },
  );
}

/** The order in which a namespace sees services: those exported to it, then public ones, each oldest first. */
function inOrderOfExport(a: Service, b: Service): number {
  return Number(isPublic(a.exportTo)) - Number(isPublic(b.exportTo)) || byServiceAge(a, b);
}

function anyClient(scope: ClientScope): ClientScope {
  const { sidecar: _, ...rest } = scope;
  return { ...rest, namespace: '', dnsDomain: '', labels: {} };
}
