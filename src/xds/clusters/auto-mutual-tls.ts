import type { MeshSettings } from '../../mesh/settings.ts';
import type { TrafficPolicy } from '../../mesh/traffic-policy/traffic-policy.ts';
import { compareText } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service, ServicePort } from '../../model/service.ts';

/** What is known of a service's readiness for mutual TLS. */
export interface ServiceMtls {
  /** PeerAuthentication of the service's namespace or the mesh; PERMISSIVE where nothing is set. */
  readonly mode: 'DISABLE' | 'PERMISSIVE' | 'STRICT';
  /** Names of the ports that have endpoints, all of them with a sidecar: `fullyMeshedPorts`. */
  readonly fullyMeshedPorts: readonly string[];
}

/** The ports whose endpoints, at least one, all speak mutual TLS; sorted, so that equal facts are equal values. */
export function fullyMeshedPorts(endpoints: readonly Endpoint[]): readonly string[] {
  const meshed = new Map<string, boolean>();
  for (const { portName, tlsMode } of endpoints) meshed.set(portName, (meshed.get(portName) ?? true) && tlsMode === 'istio');
  return [...meshed].flatMap(([name, isMeshed]) => (isMeshed ? [name] : [])).sort(compareText);
}

/**
 * Whether a cluster without `tls` in its DestinationRule may use mutual TLS on its own accord (Istio
 * `BestEffortInferServiceMTLSMode`): not towards external services, not where policy disables it, and where connections go
 * to the address that the client asked for, only if every endpoint has a sidecar.
 */
export function autoMutualTlsAllowed(
  service: Service,
  port: ServicePort,
  policy: TrafficPolicy | undefined,
  mtls: ServiceMtls,
  settings: MeshSettings,
): boolean {
  if (service.meshExternal || settings.config.enableAutoMtls === false || mtls.mode === 'DISABLE') return false;
  const isPassthrough = service.resolution === 'Passthrough' || policy?.loadBalancer?.simple === 'PASSTHROUGH';
  return !isPassthrough || mtls.fullyMeshedPorts.includes(port.name);
}
