import { compareText } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { MutualTlsMode } from './mutual-tls-mode.ts';

/** What is known of a service's readiness for mutual TLS. */
export interface ServiceMutualTls {
  /** PeerAuthentication of the service's namespace or the mesh; PERMISSIVE where nothing is set. */
  readonly mode: MutualTlsMode;
  /** Names of the ports that have endpoints, all of them with a sidecar: `fullyMeshedPorts`. */
  readonly fullyMeshedPorts: readonly string[];
}

/** The ports whose endpoints, at least one, all speak mutual TLS; sorted, so that equal facts are equal values. */
export function fullyMeshedPorts(endpoints: readonly Endpoint[]): readonly string[] {
  const meshed = new Map<string, boolean>();
  for (const { portName, tlsMode } of endpoints) meshed.set(portName, (meshed.get(portName) ?? true) && tlsMode === 'istio');
  return [...meshed].flatMap(([name, isMeshed]) => (isMeshed ? [name] : [])).sort(compareText);
}
