import type { Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { providerService } from '../../mesh/provider-service.ts';
import type { GatewayScope } from '../../mesh/scope.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import { ruleForProxy } from '../../mesh/traffic-policy/pick-rule.ts';
import { isVisibleTo } from '../../mesh/visibility.ts';
import { type Service, serviceKey } from '../../model/service.ts';
import type { ExternalSecrets } from '../listeners/external-secrets.ts';
import { outboundClusterName } from '../names.ts';

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
  return read(mesh.services.toGateways.find(scope.namespace, hostname));
}

/** The DestinationRule in force for a service on a gateway. */
export function gatewayRule(mesh: Mesh, read: Read, scope: GatewayScope, service: Service | undefined): EffectiveRule | undefined {
  if (service === undefined) return undefined;
  return ruleForProxy(read(mesh.rules.rulesFor(scope.namespace, service.namespace, service.hostname)), 'outbound', scope);
}

/** Who serves the secrets `sds://name` of a gateway: the socket beside it, the mesh's SDS provider, else we. */
export function externalSecrets(mesh: Mesh, read: Read, scope: GatewayScope): ExternalSecrets | 'ours' | 'nobody' {
  if (scope.hasCredentialSocket) return { cluster: 'sds-external', keepsScheme: true };
  const provider = read(mesh.settings).config.extensionProviders?.find(({ sds }) => sds !== undefined)?.sds;
  if (provider === undefined) return 'ours';
  const service = providerService(read, { all: mesh.inputs.services, services: mesh.services }, provider.service ?? '');
  if (service === undefined) return 'nobody';
  const cluster = outboundClusterName(provider.port ?? 0, '', service.hostname);
  return { cluster, authority: service.hostname, keepsScheme: false };
}
