import type { Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import { importsAlias } from '../../mesh/sidecar/egress-hosts.ts';
import { ruleForProxy } from '../../mesh/traffic-policy/pick-rule.ts';
import { isSubsetOf } from '../../model/hostname.ts';
import type { Service } from '../../model/service.ts';
import type { ListenerWorld } from './client-listener.ts';
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

/** What one egress listener of a scope's Sidecar lets its workloads see; `index`: its place among the listeners. */
export function egressWorld(mesh: Mesh, read: Read, scope: OutboundScope, index: number): RouteWorld {
  const { sidecar = '', namespace } = scope;
  const { services, hosts, forHost } = mesh.sidecars.egress({ sidecar, clientNamespace: namespace, index });
  const imported = mesh.sidecars.imported(sidecar, namespace);
  const common = commonParts(mesh, read, scope, (hostname) => read(imported.at(hostname)));
  return {
    ...common,
    aliasesOf: (hostname) => {
      const service = read(services.at(hostname));
      return service === undefined ? [] : common.aliasesOf(hostname).filter((alias) => importsAlias(read(hosts), service, alias));
    },
    findService: (hostname) => read(services.at(hostname)),
    virtualServicesFor: (hostname) => read(forHost(hostname)),
    servicesUnder: (wildcard) => [...read(services).values()].filter(({ hostname }) => isSubsetOf(hostname, wildcard)),
  };
}

/** What listeners ask in a namespace without a Sidecar. */
export function namespaceListenerWorld(mesh: Mesh, read: Read, scope: OutboundScope): ListenerWorld {
  const { findService, findRule, aliasesOf } = namespaceWorld(mesh, read, scope);
  const virtualServicesOf = (hostname: string) => read(mesh.virtualServices.allForHost(scope.namespace, hostname));
  return { findService, findRule, aliasesOf, virtualServicesOf };
}

/** What the listeners ask that an egress listener of a scope's Sidecar comes to. Connections lead to whatever the Sidecar imports. */
export function egressListenerWorld(mesh: Mesh, read: Read, scope: OutboundScope, index: number): ListenerWorld {
  const { sidecar = '', namespace } = scope;
  const { findRule, aliasesOf } = egressWorld(mesh, read, scope, index);
  const { allForHost } = mesh.sidecars.egress({ sidecar, clientNamespace: namespace, index });
  return {
    findService: (hostname) => read(mesh.sidecars.imported(sidecar, namespace).at(hostname)),
    findRule,
    aliasesOf,
    virtualServicesOf: (hostname) => read(allForHost(hostname)),
    unknownHosts: read(mesh.inputs.config.sidecars.at(sidecar))?.spec.outboundTrafficPolicy,
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
