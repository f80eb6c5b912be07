import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Service } from '../../model/service.ts';
import type { IstioEgressListener } from '../../schema/sidecar/sidecar.ts';
import { outboundListenerKeys, wantsEndpoints } from '../listeners/outbound-listener-keys.ts';
import { outboundRouteName } from '../listeners/outbound-route-name.ts';
import { virtualHostName } from '../names.ts';
import type { VirtualHostEntry } from '../routes/virtual-host-entry.ts';

export interface TablePlace {
  readonly port: number;
  readonly scope: OutboundScope;
  readonly settings: MeshSettings;
  /** The Sidecar's egress listener that the tables are for. */
  readonly egress?: IstioEgressListener;
}

export interface TableNamesInput extends TablePlace {
  readonly entries: readonly VirtualHostEntry[];
  readonly findService: (hostname: string) => Service | undefined;
}

/**
 * The route tables that listeners on a port ask for: the port's own, shared by all that listen on one address, and
 * `host:port` for each sniffed port of a service that has an address to itself. A listener waits for its table for ever, so
 * the names come from the listeners' own rule.
 */
export function tableNames(input: TableNamesInput): readonly string[] {
  const names = new Set<string>();
  for (const { host, isService } of input.entries) {
    for (const name of tablesOfEntry(isService ? input.findService(host) : undefined, input)) names.add(name);
  }
  const shared = String(input.port);
  // The shared table first: the order of the others is that of the entries.
  return names.delete(shared) ? [shared, ...names] : [...names];
}

/** The tables that the virtual host of a port is in; no service: a host that only a VirtualService names. */
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
