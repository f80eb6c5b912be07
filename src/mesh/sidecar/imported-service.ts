import { formatRef } from '../../model/object-ref.ts';
import type { Service } from '../../model/service.ts';
import type { IstioEgressListener } from '../../schema/sidecar/sidecar.ts';
import type { ResolvedVirtualService } from '../routing/resolved-virtual-service.ts';
import { type EgressHosts, importsVirtualServiceHost } from './egress-hosts.ts';
import { impliedDestinations, onlyPorts } from './implied-destinations.ts';
import { inOrderOfExport, matchesPort, onlyPort, selectServices } from './select-services.ts';

/** One egress listener and whose it is. */
export interface EgressClient {
  /** Absent: the listener that every Sidecar without `egress` has. */
  readonly listener: IstioEgressListener | undefined;
  readonly hosts: EgressHosts;
  readonly clientNamespace: string;
}

/** What an egress listener imports under a hostname, of all services that have it. */
export function importedByListener({ listener, hosts, clientNamespace }: EgressClient, ofHost: Iterable<Service>): Service | undefined {
  const services = selectServices(listener, hosts, inOrderOfExport(ofHost, clientNamespace), clientNamespace);
  return services.reduce<Service | undefined>(mergePorts, undefined);
}

export function importsVirtualService(hosts: EgressHosts, root: ResolvedVirtualService): boolean {
  return root.hosts.some((host) => importsVirtualServiceHost(hosts, root.namespace, host, root.semantics === 'gateway'));
}

/** What one egress listener has to do with a hostname. */
export interface HostImport {
  readonly listener: IstioEgressListener | undefined;
  /** What it imports itself. */
  readonly service: Service | undefined;
  /** The VirtualServices that it imports and that route to the hostname, in order of precedence. */
  readonly leading: readonly ResolvedVirtualService[];
}

/** What a Sidecar imports under a hostname (Istio `initSidecarScopeInternalIndexes`). */
export function importedService(input: {
  readonly hostname: string;
  readonly clientNamespace: string;
  readonly egress: readonly HostImport[];
  /** The service that a destination outside the imports means: own namespace, Kubernetes, oldest. */
  readonly findService: () => Service | undefined;
}): Service | undefined {
  let found: Service | undefined;
  for (const { listener, service, leading } of input.egress) {
    if (service !== undefined) found = mergePorts(found, service);
    for (const root of leading) {
      const meant = input.findService();
      const ports = impliedDestinations(root, input.clientNamespace).get(input.hostname) ?? new Set();
      const kept = meant && (matchesPort(listener) ? onlyPort(meant, listener?.port?.number ?? 0) : onlyPorts(meant, ports));
      if (kept) found = mergePorts(found, kept);
    }
  }
  return found;
}

/** Of one service imported in parts the parts are joined; no other service joins, one of Kubernetes replaces. */
function mergePorts(existing: Service | undefined, added: Service): Service {
  if (existing === undefined || existing === added) return added;
  if (existing.provider !== added.provider) return added.provider === 'Kubernetes' ? added : existing;
  if (formatRef(existing.source) !== formatRef(added.source)) return existing;
  const missing = added.ports.filter((port) => !existing.ports.some((known) => known.number === port.number));
  return missing.length === 0 ? existing : { ...existing, ports: [...existing.ports, ...missing] };
}
