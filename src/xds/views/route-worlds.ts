import type { Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { rankVirtualServices } from '../../mesh/routing/pick-virtual-service.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import { importsAlias, parseEgressHosts } from '../../mesh/sidecar/egress-hosts.ts';
import type { EgressScope, SidecarScope } from '../../mesh/sidecar/sidecar-scope.ts';
import { ruleForProxy } from '../../mesh/traffic-policy/pick-rule.ts';
import { isSubsetOf } from '../../model/hostname.ts';
import type { Service } from '../../model/service.ts';
import type { RouteWorld } from './route-entries.ts';

/** What clients of a namespace see without a Sidecar; namespace empty: what all see that have no say of their own. */
export function namespaceWorld(mesh: Mesh, read: Read, scope: OutboundScope): RouteWorld {
  const findService = (hostname: string) => read(mesh.services.find(scope.namespace, hostname));
  return {
    ...commonParts(mesh, read, scope, findService),
    findService,
    virtualServicesFor: (hostname) => read(mesh.virtualServices.forHost(scope.namespace, hostname)),
    *servicesUnder(wildcard) {
      const own = scope.namespace === '' ? new Map<string, Service>() : read(mesh.services.onlyIn(scope.namespace));
      for (const service of own.values()) if (isSubsetOf(service.hostname, wildcard)) yield service;
      for (const [hostname, service] of read(mesh.services.covered(wildcard)))
        if (!own.has(hostname) && isSubsetOf(hostname, wildcard)) yield service;
    },
  };
}

/** What one egress listener of a Sidecar lets its workloads see. */
export function egressWorld(mesh: Mesh, read: Read, scope: OutboundScope, sidecar: SidecarScope, egress: EgressScope): RouteWorld {
  const { naming, covering } = egress.lookup;
  const common = commonParts(mesh, read, scope, (hostname) => sidecar.services.get(hostname));
  const hosts = parseEgressHosts(egress.listener?.hosts ?? ['*/*'], sidecar.namespace);
  return {
    ...common,
    aliasesOf: (hostname) => {
      const service = egress.services.get(hostname);
      return service === undefined ? [] : common.aliasesOf(hostname).filter((alias) => importsAlias(hosts, service, alias));
    },
    findService: (hostname) => egress.services.get(hostname),
    virtualServicesFor: (hostname) => rankVirtualServices(hostname, naming(hostname), covering(hostname), { namespace: scope.namespace }),
    servicesUnder: (wildcard) => [...egress.services.values()].filter(({ hostname }) => isSubsetOf(hostname, wildcard)),
  };
}

function commonParts(mesh: Mesh, read: Read, scope: OutboundScope, findService: (hostname: string) => Service | undefined) {
  return {
    scope,
    settings: read(mesh.settingsFor(scope.ownHeaders)),
    findRule: (hostname: string) => {
      const service = findService(hostname);
      if (service === undefined) return undefined;
      return ruleForProxy(read(mesh.rules.rulesFor(scope.namespace, service.namespace, hostname)), 'outbound', scope);
    },
    aliasesOf: (hostname: string) => read(mesh.services.aliasesOf(hostname)).map((alias) => alias.hostname),
  };
}
