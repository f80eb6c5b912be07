import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Service } from '../../model/service.ts';
import type { IstioEgressListener } from '../../schema/sidecar/sidecar.ts';
import { outboundListenerKeys, wantsEndpoints } from '../listeners/outbound-listener-keys.ts';
import { outboundRouteName } from '../listeners/outbound-route-name.ts';
import { virtualHostName } from '../names.ts';

export interface TablePlace {
  readonly port: number;
  readonly scope: OutboundScope;
  readonly settings: MeshSettings;
  /** The Sidecar's egress listener that the tables are for. */
  readonly egress?: IstioEgressListener;
}

/**
 * The route tables that the virtual host of a port is in, which are those that listeners on the port ask for: the port's own, shared
 * by all that listen on one address, and `host:port` for each sniffed port of a service that has an address to itself. A listener
 * waits for its table for ever, so the names come from the listeners' own rule. No service: a host that only a VirtualService names.
 */
export function tablesOfEntry(service: Service | undefined, { port, scope, settings, egress }: TablePlace): readonly string[] {
  const servicePort = service?.ports.find((candidate) => candidate.number === port);
  if (service === undefined || servicePort === undefined) return [String(port)];
  if (servicePort.protocol !== 'Auto' && egress?.port === undefined) return [String(port)];
  const perPod = egress?.port === undefined && wantsEndpoints(service, servicePort);
  if (perPod) return [String(port), virtualHostName(service.hostname, port)];
  const keys = outboundListenerKeys({
    service,
    port: servicePort,
    endpointAddresses: [],
    scope,
    settings,
    ownAddress: '',
    ...(egress && { egress }),
  });
  return keys.map((key) => outboundRouteName(key, service.hostname, scope));
}
