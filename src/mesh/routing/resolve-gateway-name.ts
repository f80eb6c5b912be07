import { meshGateway } from './resolved-virtual-service.ts';

/**
 * The gateway that a VirtualService of `namespace` means, as `namespace/name`; `mesh` stays. A dotted name is the old way
 * of saying `name.namespace[.svc.suffix]` (Istio `resolveGatewayName`).
 */
export function resolveGatewayName(gateway: string, namespace: string): string {
  if (gateway === meshGateway) return gateway;
  const slash = gateway.indexOf('/');
  if (slash >= 0) return gateway.slice(0, slash) === '.' ? `${namespace}/${gateway.slice(slash + 1)}` : gateway;
  const [name = '', dottedNamespace] = gateway.split('.', 2);
  return `${dottedNamespace ?? namespace}/${name}`;
}
