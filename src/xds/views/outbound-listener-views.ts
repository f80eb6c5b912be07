import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type InboundScope, scopeKey } from '../../mesh/scope.ts';
import { byExport } from '../../mesh/sidecar/select-services.ts';
import { type ClientScope, clientListener, outboundEntry } from './client-listener.ts';
import { type EncodedResource, sameResource } from './encoded-resource.ts';
import type { PatchedLayers } from './patched-layers.ts';
import { placeGroups } from './place-groups.ts';
import { byPlace, type PlacedEntry, placedEntries, samePlace } from './placed-entries.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import { routeOverrides } from './route-overrides.ts';
import { namespaceListenerWorld } from './route-worlds.ts';

/**
 * Listeners for traffic to services, of workloads without a Sidecar. Service ports are grouped by address and port; a group
 * is merged once for all namespaces, and again for a namespace that sees one of its services differently.
 */
export function outboundListenerViews(
  mesh: Mesh,
  encoder: ResourceEncoder,
  patched: PatchedLayers,
): (scope: InboundScope, patches?: string) => MapCell<EncodedResource> {
  const { engine } = mesh;
  const overridesOf = routeOverrides(mesh, { shortNames: false });
  const encode = (read: Read, scope: ClientScope, entries: Iterable<PlacedEntry>): EncodedResource | undefined => {
    const world = namespaceListenerWorld(mesh, read, scope);
    const ordered = [...entries].sort(inOrder).map((entry) => outboundEntry(entry, world));
    const listener = clientListener(mesh, read, scope, { entries: ordered, world });
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
  const sharedGroups = placeGroups(engine, shared, inOrder);
  const sharedByHost = engine.mapFamily((key) => engine.index(shared(key), ({ service }) => [service.hostname]).groups);
  const sharedByBind = engine.mapFamily((key) => engine.index(shared(key), ({ key: { bind } }) => [bind]).groups);
  const sharedListeners = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as ClientScope;
    const { http, others } = sharedGroups(key);
    const firstHttp = engine.mapValues(http, ([first]) => first, samePlace);
    return engine.mapValues(
      engine.union([engine.mapValues(firstHttp, yes), engine.mapValues(others, yes)], yes),
      (_yes, listener, read) => encode(read, scope, [read(firstHttp.at(listener)) ?? [], read(others.at(listener)) ?? []].flat()),
      sameResource,
    );
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
  const ownGroups = placeGroups(engine, own, inOrder);
  const ownByBind = engine.mapFamily((key) => engine.index(own(key), ({ key: { bind } }) => [bind]).groups);

  const ofNamespace = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as ClientScope;
    const common = scopeKey(anyClient(scope));
    const hosts = hostsOf(key);
    const [theirs, mine] = [sharedGroups(common), ownGroups(key)];
    const touchedByHost = engine.flatMap(hosts, (_true, host, read) =>
      [...(read(sharedByHost(common).at(host))?.values() ?? [])].map(({ listener }) => [listener, true] as const),
    );
    const touched = engine.union([engine.mapValues(mine.http, yes), engine.mapValues(mine.others, yes), touchedByHost], yes);
    const isHidden = (read: Read, { service }: PlacedEntry) => read(hosts.at(service.hostname)) !== undefined;
    const firstHttp = engine.mapValues(
      touched,
      (_true, listener, read) => {
        const shown = read(theirs.http.at(listener))?.find((entry) => !isHidden(read, entry));
        const [first] = read(mine.http.at(listener)) ?? [];
        return [shown, first].filter((entry) => entry !== undefined).sort(inOrder)[0];
      },
      samePlace,
    );
    const listeners = engine.mapValues<true, EncodedResource | null>(
      touched,
      (_true, listener, read) => {
        const shown = (read(theirs.others.at(listener)) ?? []).filter((entry) => !isHidden(read, entry));
        return encode(read, scope, [read(firstHttp.at(listener)) ?? [], shown, read(mine.others.at(listener)) ?? []].flat()) ?? null;
      },
      sameResource,
    );
    return engine.overlay<EncodedResource>([listeners, sharedListeners(common)]);
  });

  const patchedOfNamespace = engine.mapFamily((key) => {
    const { client, patches } = JSON.parse(key) as { readonly client: ClientScope; readonly patches: string };
    return patched.listeners(ofNamespace(scopeKey(client)), { role: client.role, outbound: patches });
  });

  const views = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as ClientScope & { readonly address: string; readonly patches?: string };
    const { address, patches, ...client } = scope;
    const [common, mine] = [sharedByBind(scopeKey(anyClient(client))), ownByBind(scopeKey(client))];
    const ownAddress = engine.mapFrom<EncodedResource | null>((read) =>
      [common, mine].flatMap((entries) =>
        [...(read(entries.at(address))?.values() ?? [])].filter(isOfPod).map(({ listener }) => [listener, null] as const),
      ),
    );
    const listeners = patches === undefined ? ofNamespace(scopeKey(client)) : patchedOfNamespace(scopeKey({ client, patches }));
    return engine.overlay<EncodedResource>([ownAddress, listeners]);
  });
  return (scope, patches) => {
    const { workloadLabels: _w, targets: _t, dnsDomain: _d, httpProxyPort: _p, ...rest } = scope;
    return views(scopeKey({ ...rest, dnsDomain: '', ...(patches !== undefined && { patches }) }));
  };
}

/** Applications reach their own pod without a listener (Istio skips the proxy's own address of a headless service). */
function isOfPod({ service }: PlacedEntry): boolean {
  return service.addresses.length === 0 && service.resolution === 'Passthrough';
}

function yes(): true {
  return true;
}

function inOrder(a: PlacedEntry, b: PlacedEntry): number {
  return byExport(a.service, b.service) || a.key.port.number - b.key.port.number;
}

function anyClient(scope: ClientScope): ClientScope {
  const { sidecar: _, ...rest } = scope;
  return { ...rest, namespace: '', dnsDomain: '', labels: {} };
}
