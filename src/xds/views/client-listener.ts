import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import type { InboundScope, OutboundScope } from '../../mesh/scope.ts';
import { isHttp } from '../../model/protocol.ts';
import type { Service } from '../../model/service.ts';
import type { OutboundEntry } from '../listeners/outbound-entry.ts';
import { buildOutboundListener } from '../listeners/outbound-listener.ts';
import type { UnknownHostPolicy } from '../routes/catch-all-virtual-host.ts';
import { observedContext } from './observed-context.ts';
import type { PlacedEntry } from './placed-entries.ts';
import type { RouteWorld } from './route-entries.ts';

/** What the listeners of a class of clients depend on. */
export type ClientScope = OutboundScope & Pick<InboundScope, 'idleTimeout' | 'observed' | 'ownSettings'>;

/** What the listeners for traffic to services ask of the mesh. */
export interface ListenerWorld extends Pick<RouteWorld, 'findRule' | 'aliasesOf'> {
  readonly findService: (host: string) => Service | undefined;
  /** VirtualServices that have a host in common with a service, in order of precedence. */
  readonly virtualServicesOf: (hostname: string) => readonly ResolvedVirtualService[];
  readonly unknownHosts?: UnknownHostPolicy | undefined;
}

/** A service port where it is listened for. HTTP finds its routes elsewhere: a listener of a thousand services must not depend on their rules. */
export function outboundEntry({ service, key }: Pick<PlacedEntry, 'service' | 'key'>, world: ListenerWorld): OutboundEntry {
  if (isHttp(key.port.protocol)) return { ...key, service, virtualServices: [], rule: undefined };
  const { hostname } = service;
  const virtualServices = world.virtualServicesOf(hostname);
  return { ...key, service, virtualServices, rule: world.findRule(hostname), aliases: world.aliasesOf(hostname) };
}

/** The listener of entries in Istio's order; undefined where they come to none. */
export function clientListener(
  mesh: Mesh,
  read: Read,
  scope: ClientScope,
  { entries, world }: { readonly entries: readonly OutboundEntry[]; readonly world: ListenerWorld },
): Listener | undefined {
  const { idleTimeout } = scope;
  const { findService, findRule, unknownHosts } = world;
  const context = {
    class: 'sidecar-outbound' as const,
    scope,
    settings: read(mesh.settingsFor(scope.ownSettings)),
    ...observedContext(mesh, read, scope.observed),
    ...(unknownHosts && { outboundPolicy: unknownHosts }),
    ...(idleTimeout && { idleTimeout }),
  };
  return buildOutboundListener(entries, { context, findService, findRule });
}
