import type { OutboundScope } from '../../mesh/scope.ts';
import type { Service } from '../../model/service.ts';
import { serviceAddresses } from '../routes/service-addresses.ts';
import type { VirtualHostEntry } from '../routes/virtual-host-entry.ts';

/**
 * The route tables that listeners on a port ask for: the port's own, shared by all that listen on the wildcard address,
 * and `host:port` for each sniffed port of a service with an address, which has a listener to itself.
 */
export function tableNames(
  port: number,
  entries: readonly VirtualHostEntry[],
  findService: (hostname: string) => Service | undefined,
  scope: OutboundScope,
): readonly string[] {
  const sniffed: string[] = [];
  let shared = false;
  for (const entry of entries) {
    const service = entry.isService ? findService(entry.host) : undefined;
    const isAuto = service?.ports.some((candidate) => candidate.number === port && candidate.protocol === 'Auto') ?? false;
    if (service !== undefined && isAuto && hasOwnListener(service, scope)) sniffed.push(`${entry.host}:${port}`);
    else shared = true;
  }
  return [...(shared ? [String(port)] : []), ...sniffed];
}

function hasOwnListener(service: Service, scope: OutboundScope): boolean {
  if (service.resolution === 'Passthrough' && service.addresses.length === 0) return true;
  const [first] = serviceAddresses(service, scope);
  return first !== undefined && !first.includes('/') && scope.features.interception !== 'NONE';
}
