import type { ServiceMutualTls } from '../../mesh/authentication/service-mutual-tls.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { TrafficPolicy } from '../../mesh/traffic-policy/traffic-policy.ts';
import type { Service, ServicePort } from '../../model/service.ts';

/**
 * Whether a cluster without `tls` in its DestinationRule may use mutual TLS on its own accord (Istio
 * `BestEffortInferServiceMTLSMode`): not towards external services, not where policy disables it, and where connections go
 * to the address that the client asked for, only if every endpoint has a sidecar.
 */
export function autoMutualTlsAllowed(
  service: Service,
  port: ServicePort,
  policy: TrafficPolicy | undefined,
  mtls: ServiceMutualTls,
  settings: MeshSettings,
): boolean {
  if (service.meshExternal || settings.config.enableAutoMtls === false || mtls.mode === 'DISABLE') return false;
  const isPassthrough = service.resolution === 'Passthrough' || policy?.loadBalancer?.simple === 'PASSTHROUGH';
  return !isPassthrough || mtls.fullyMeshedPorts.includes(port.name);
}
