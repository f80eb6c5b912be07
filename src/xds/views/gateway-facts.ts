import type { Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { GatewayScope } from '../../mesh/scope.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import { ruleForProxy } from '../../mesh/traffic-policy/pick-rule.ts';
import { isVisibleTo } from '../../mesh/visibility.ts';
import { type Service, serviceKey } from '../../model/service.ts';

/**
 * The service that a destination host means on a gateway: the one in the namespace of who names it if the gateway sees that,
 * else the one that the gateway's namespace means (Istio `buildNameToServiceMapForHTTPRoutes`).
 */
export function gatewayService(
  mesh: Mesh,
  read: Read,
  scope: GatewayScope,
  hostname: string,
  namespace: string = scope.namespace,
): Service | undefined {
  const own = read(mesh.inputs.services.at(serviceKey({ namespace, hostname })));
  if (own !== undefined && isVisibleTo(own.exportTo, own.namespace, scope.namespace)) return own;
  return read(mesh.services.find(scope.namespace, hostname));
}

/** The DestinationRule in force for a service on a gateway. */
export function gatewayRule(mesh: Mesh, read: Read, scope: GatewayScope, service: Service | undefined): EffectiveRule | undefined {
  if (service === undefined) return undefined;
  return ruleForProxy(read(mesh.rules.rulesFor(scope.namespace, service.namespace, service.hostname)), 'outbound', scope);
}
