import type { ConfigObject } from '../../model/config-object.ts';
import type { Service } from '../../model/service.ts';
import type { IstioEgressListener, Sidecar } from '../../schema/sidecar/sidecar.ts';
import type { ResolvedVirtualService } from '../routing/resolved-virtual-service.ts';
import { virtualServiceLookup } from '../routing/virtual-service-lookup.ts';
import { type EgressHosts, importsVirtualServiceHost, parseEgressHosts } from './egress-hosts.ts';
import { impliedDestinations, onlyPorts } from './implied-destinations.ts';
import { matchesPort, onlyPort, selectServices } from './select-services.ts';
import type { EgressScope, SidecarScope } from './sidecar-scope.ts';

export interface SidecarScopeInput {
  readonly source: ConfigObject<Sidecar>;
  readonly clientNamespace: string;
  /** Services that the namespace may see, in Istio's order (`inOrderOfExport`). */
  readonly candidates: readonly Service[];
  /** VirtualServices bound to `mesh` that the namespace may see, in order of precedence. */
  readonly virtualServices: readonly ResolvedVirtualService[];
  /** The service that a destination outside the imports means: own namespace, Kubernetes, oldest. */
  readonly findService: (hostname: string) => Service | undefined;
}

/** Works out what a Sidecar imports (Istio `initSidecarScopeInternalIndexes`). */
export function buildSidecarScope(input: SidecarScopeInput): SidecarScope {
  const listeners = input.source.spec.egress ?? [];
  const egress = listeners.length === 0 ? [egressScope(input, undefined)] : listeners.map((listener) => egressScope(input, listener));
  return { source: input.source, namespace: input.clientNamespace, egress, services: importedServices(input, egress) };
}

function egressScope(input: SidecarScopeInput, listener: IstioEgressListener | undefined): EgressScope {
  const hosts = parseEgressHosts(listener?.hosts ?? ['*/*'], input.clientNamespace);
  const services = selectServices(listener, hosts, input.candidates, input.clientNamespace);
  const virtualServices = input.virtualServices.filter((root) => imports(hosts, root));
  return {
    ...(listener === undefined ? {} : { listener }),
    services: byHostname(services),
    virtualServices,
    lookup: virtualServiceLookup(virtualServices),
  };
}

function imports(hosts: EgressHosts, root: ResolvedVirtualService): boolean {
  return root.hosts.some((host) => importsVirtualServiceHost(hosts, root.namespace, host, root.semantics === 'gateway'));
}

function byHostname(services: readonly Service[]): ReadonlyMap<string, Service> {
  const map = new Map<string, Service>();
  for (const service of services) map.set(service.hostname, mergePorts(map.get(service.hostname), service));
  return map;
}

function importedServices(input: SidecarScopeInput, egress: readonly EgressScope[]): ReadonlyMap<string, Service> {
  const all = new Map<string, Service>();
  for (const scope of egress) {
    for (const [hostname, service] of scope.services) all.set(hostname, mergePorts(all.get(hostname), service));
    for (const root of scope.virtualServices) {
      for (const [hostname, ports] of impliedDestinations(root, input.clientNamespace)) {
        const service = input.findService(hostname);
        const { listener } = scope;
        const kept = service && (matchesPort(listener) ? onlyPort(service, listener?.port?.number ?? 0) : onlyPorts(service, ports));
        if (kept) all.set(hostname, mergePorts(all.get(hostname), kept));
      }
    }
  }
  return all;
}

/** Of one service imported in parts the parts are joined; no other service joins, one of Kubernetes replaces. */
function mergePorts(existing: Service | undefined, added: Service): Service {
  if (existing === undefined || existing === added) return added;
  if (existing.provider !== added.provider) return added.provider === 'Kubernetes' ? added : existing;
  if (existing.source !== added.source) return existing;
  const missing = added.ports.filter((port) => !existing.ports.some((known) => known.number === port.number));
  return missing.length === 0 ? existing : { ...existing, ports: [...existing.ports, ...missing] };
}
