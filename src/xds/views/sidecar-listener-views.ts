import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type InboundScope, scopeKey } from '../../mesh/scope.ts';
import type { EgressScope, SidecarScope } from '../../mesh/sidecar/sidecar-scope.ts';
import { isHttp } from '../../model/protocol.ts';
import type { OutboundEntry } from '../listeners/outbound-entry.ts';
import { buildOutboundListener } from '../listeners/outbound-listener.ts';
import { encodeAll } from './encode-all.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { observedContext } from './observed-context.ts';
import { placedEntries } from './placed-entries.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import type { RouteWorld } from './route-entries.ts';
import { egressWorld } from './route-worlds.ts';

/** Listeners for traffic to services, of workloads that a Sidecar holds for. */
export function sidecarListenerViews(mesh: Mesh, encoder: ResourceEncoder): (scope: InboundScope) => MapCell<EncodedResource> {
  const views = mesh.engine.mapFamily((key) => {
    const scope = JSON.parse(key) as InboundScope;
    return encodeAll(mesh, (read) => {
      const sidecar = read(mesh.sidecars.scope(scope.sidecar ?? '', scope.namespace));
      return sidecar === undefined ? [] : listenersOf(mesh, read, scope, sidecar, encoder);
    });
  });
  return (scope) => views(scopeKey({ ...scope, workloadLabels: {}, targets: [], dnsDomain: '' }));
}

function listenersOf(mesh: Mesh, read: Read, scope: InboundScope, sidecar: SidecarScope, encoder: ResourceEncoder): EncodedResource[] {
  const groups = new Map<string, OutboundEntry[]>();
  for (const [index, egress] of sidecar.egress.entries()) {
    for (const [listener, entry] of egressEntries(mesh, read, scope, { egress, world: egressWorld(mesh, read, scope, index) })) {
      const group = groups.get(listener);
      if (group === undefined) groups.set(listener, [entry]);
      else group.push(entry);
    }
  }
  const settings = read(mesh.settingsFor(scope.ownSettings));
  const { idleTimeout } = scope;
  const outboundPolicy = sidecar.source.spec.outboundTrafficPolicy;
  const context = {
    class: 'sidecar-outbound' as const,
    scope,
    settings,
    ...observedContext(mesh, read, scope.observed),
    ...(outboundPolicy && { outboundPolicy }),
    ...(idleTimeout && { idleTimeout }),
  };
  const { findRule } = egressWorld(mesh, read, scope, 0);
  return [...groups].flatMap(([name, entries]) => {
    const listener = buildOutboundListener(entries, { context, findService: (host) => sidecar.services.get(host), findRule });
    return listener === undefined ? [] : [encoder.encode(typeUrls.LDS, name, listener)];
  });
}

function* egressEntries(
  mesh: Mesh,
  read: Read,
  scope: InboundScope,
  { egress, world }: { readonly egress: EgressScope; readonly world: RouteWorld },
): Iterable<readonly [string, OutboundEntry]> {
  for (const service of egress.services.values()) {
    for (const { listener, key } of placedEntries(mesh, read, scope, service, egress.listener)) {
      if (key.bind === scope.address && service.addresses.length === 0 && !key.isExplicit) continue;
      // HTTP finds its routes elsewhere.
      if (isHttp(key.port.protocol)) {
        yield [listener, { ...key, service, virtualServices: [], rule: undefined }];
        continue;
      }
      const { hostname } = service;
      const virtualServices = egress.lookup.about(hostname);
      yield [listener, { ...key, service, virtualServices, rule: world.findRule(hostname), aliases: world.aliasesOf(hostname) }];
    }
  }
}
