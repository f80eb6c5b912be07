import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type InboundScope, scopeKey } from '../../mesh/scope.ts';
import type { EgressScope } from '../../mesh/sidecar/sidecar-scope.ts';
import type { OutboundEntry } from '../listeners/outbound-entry.ts';
import { clientListener, type ListenerWorld, outboundEntry } from './client-listener.ts';
import { encodeAll } from './encode-all.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { importedListenerViews } from './imported-listener-views.ts';
import { placedEntries } from './placed-entries.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import { egressListenerWorld } from './route-worlds.ts';

/** Listeners for traffic to services, of workloads that a Sidecar holds for; as a whole where they are not laid out as a namespace's. */
export function sidecarListenerViews(mesh: Mesh, encoder: ResourceEncoder): (scope: InboundScope) => MapCell<EncodedResource> {
  const { engine } = mesh;
  const imported = importedListenerViews(mesh, encoder);
  const views = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as InboundScope;
    const sidecar = scope.sidecar ?? '';
    const listed = encodeAll(mesh, (read) => {
      if (read(mesh.sidecars.isLaidOutAsNamespace(sidecar))) return [];
      return listenersOf(mesh, read, scope, read(mesh.sidecars.scope(sidecar, scope.namespace))?.egress ?? []).flatMap((listener) =>
        listener === undefined ? [] : [encoder.encode(typeUrls.LDS, listener.name ?? '', listener)],
      );
    });
    return engine.overlay<EncodedResource>([listed, imported(scope)]);
  });
  return (scope) => views(scopeKey({ ...scope, workloadLabels: {}, targets: [], dnsDomain: '' }));
}

function listenersOf(mesh: Mesh, read: Read, scope: InboundScope, egress: readonly EgressScope[]) {
  const groups = new Map<string, OutboundEntry[]>();
  for (const [index, each] of egress.entries()) {
    for (const [listener, entry] of egressEntries(mesh, read, scope, {
      egress: each,
      world: egressListenerWorld(mesh, read, scope, index),
    })) {
      const group = groups.get(listener);
      if (group === undefined) groups.set(listener, [entry]);
      else group.push(entry);
    }
  }
  const world = egressListenerWorld(mesh, read, scope, 0);
  return [...groups.values()].map((entries) => clientListener(mesh, read, scope, { entries, world }));
}

function* egressEntries(
  mesh: Mesh,
  read: Read,
  scope: InboundScope,
  { egress, world }: { readonly egress: EgressScope; readonly world: ListenerWorld },
): Iterable<readonly [string, OutboundEntry]> {
  for (const service of egress.services.values()) {
    for (const { listener, key } of placedEntries(mesh, read, scope, service, egress.listener)) {
      // Applications reach their own pod without a listener.
      if (key.bind === scope.address && service.addresses.length === 0 && !key.isExplicit) continue;
      yield [listener, outboundEntry({ service, key }, world)];
    }
  }
}
