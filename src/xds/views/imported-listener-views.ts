import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type InboundScope, scopeKey } from '../../mesh/scope.ts';
import { byExport } from '../../mesh/sidecar/select-services.ts';
import { compareText } from '../../model/config-object.ts';
import { type ClientScope, clientListener, outboundEntry } from './client-listener.ts';
import { type EncodedResource, sameResource } from './encoded-resource.ts';
import { placeGroups } from './place-groups.ts';
import { byPlace, type PlacedEntry, placedEntries, samePlace } from './placed-entries.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import { egressListenerWorld } from './route-worlds.ts';

/**
 * Listeners for traffic to services, of workloads whose Sidecar's imports are laid out as a namespace's: made once for all of them,
 * listener by listener. Of other Sidecars there is nothing in it.
 */
export function importedListenerViews(mesh: Mesh, encoder: ResourceEncoder): (scope: InboundScope) => MapCell<EncodedResource> {
  const { engine } = mesh;
  const encode = (read: Read, scope: ClientScope, placed: readonly PlacedEntry[]): EncodedResource | undefined => {
    const world = egressListenerWorld(mesh, read, scope, 0);
    const entries = [...placed].sort(inOrder).map((entry) => outboundEntry(entry, world));
    const listener = clientListener(mesh, read, scope, { entries, world });
    return listener === undefined ? undefined : encoder.encode(typeUrls.LDS, listener.name ?? '', listener);
  };
  const places = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as ClientScope;
    const { sidecar = '', namespace } = scope;
    const { services, listener } = mesh.sidecars.egress({ sidecar, clientNamespace: namespace, index: 0 });
    const isLaidOutAsNamespace = mesh.sidecars.isLaidOutAsNamespace(sidecar);
    return engine.flatMap(
      services,
      (service, _host, read) => (read(isLaidOutAsNamespace) ? byPlace(placedEntries(mesh, read, scope, service, read(listener))) : []),
      samePlace,
    );
  });
  const groups = placeGroups(engine, places, inOrder);
  const listeners = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as ClientScope;
    const { http, others } = groups(key);
    const firstHttp = engine.mapValues(http, ([first]) => first, samePlace);
    return engine.mapValues(
      engine.union([engine.mapValues(firstHttp, yes), engine.mapValues(others, yes)], yes),
      (_yes, listener, read) => encode(read, scope, [read(firstHttp.at(listener)) ?? [], read(others.at(listener)) ?? []].flat()),
      sameResource,
    );
  });
  const byBind = engine.mapFamily((key) => engine.index(places(key), ({ key: { bind } }) => [bind]).groups);
  const views = engine.mapFamily((key) => {
    const { address, ...client } = JSON.parse(key) as ClientScope & { readonly address: string };
    const common = scopeKey(client);
    const { http, others } = groups(common);
    const ofPod = engine.flatMap(
      engine.mapFrom((read) => [...(read(byBind(common).at(address)) ?? [])].filter(([, entry]) => isOfPod(entry, address))),
      ({ listener }) => [[listener, true as const]],
    );
    const withoutPod = engine.mapValues<true, EncodedResource | null>(
      ofPod,
      (_true, listener, read) => {
        const all = [read(http.at(listener)) ?? [], read(others.at(listener)) ?? []].flat();
        const reached = all.filter((entry) => !isOfPod(entry, address));
        return encode(read, client, reached) ?? null;
      },
      sameResource,
    );
    return engine.overlay<EncodedResource>([withoutPod, listeners(common)]);
  });
  return ({ workloadLabels: _w, targets: _t, httpProxyPort: _p, ...scope }) => views(scopeKey({ ...scope, dnsDomain: '' }));
}

/** Applications reach their own pod without a listener (Istio skips the proxy's own address of a headless service). */
function isOfPod({ key, service }: PlacedEntry, address: string): boolean {
  return key.bind === address && service.addresses.length === 0;
}

/** The order in which the services are imported, then that of their ports and addresses. */
function inOrder(a: PlacedEntry, b: PlacedEntry): number {
  return byExport(a.service, b.service) || compareText(a.service.hostname, b.service.hostname) || a.position - b.position;
}

function yes(): true {
  return true;
}
