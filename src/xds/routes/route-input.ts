import { meshGateway, type ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Labels } from '../../model/labels.ts';
import type { ProxyRole } from '../../model/proxy.ts';
import type { Service } from '../../model/service.ts';
import type { HashRule } from './hash-policy.ts';

/** What routes may know of the proxy they are for. */
export interface RouteScope {
  readonly role: ProxyRole;
  readonly namespace: string;
  /** Only where some rule has `sourceLabels`; otherwise leave it empty, so that more proxies share the result. */
  readonly labels: Labels;
}

/** Everything the routes of one VirtualService on one port are made from. */
export interface HttpRouteInput {
  readonly virtualService: ResolvedVirtualService;
  /** Port of the listener; 0 for an HTTP proxy or a Unix socket. */
  readonly listenerPort: number;
  /** What the proxy is here: `mesh`, or gateways as `namespace/name`. */
  readonly gateways: ReadonlySet<string>;
  readonly scope: RouteScope;
  /** The service that a destination host means for this proxy. */
  readonly findService: (host: string) => Service | undefined;
  /** The DestinationRule in force for a host. */
  readonly findRule: (host: string) => HashRule | undefined;
  readonly settings: MeshSettings;
  /** The listener terminates TLS. */
  readonly isTls?: boolean;
  /** Responses advertise HTTP/3 on the listener's port. */
  readonly isHttp3?: boolean;
}

/**
 * The service of a destination as routes see it. A sidecar's listener knows only the services that have its port, each
 * with that port alone, so a destination without port goes to the listener's port there; gateways see whole services.
 */
export function findDestinationService(host: string, input: HttpRouteInput): Service | undefined {
  const service = input.findService(host);
  if (service === undefined || input.listenerPort === 0 || !input.gateways.has(meshGateway)) return service;
  const ports = service.ports.filter(({ number }) => number === input.listenerPort);
  return ports.length === 0 ? undefined : { ...service, ports };
}
