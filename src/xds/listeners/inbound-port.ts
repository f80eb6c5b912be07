import type { ObjectRef } from '../../model/object-ref.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import type { ServerTlsSettings } from '../../schema/parts/server-tls-settings.ts';

/** A port on which the workload receives traffic, and the chains for ports that nobody declares (Istio `inboundChainConfig`). */
export interface InboundPort {
  readonly clusterName: string;
  /** Names spans, virtual hosts and statistics; 0 where nobody declares the port. */
  readonly port: ServicePort;
  /** The workload's; 0: any. */
  readonly targetPort: number;
  /** Empty for ports that nobody declares. */
  readonly bind: string;
  readonly extraBinds: readonly string[];
  /** A real socket, in place of chains of the listener that catches all traffic. */
  readonly bindToPort: boolean;
  readonly isPassthrough: boolean;
  /** Whose statistics and spans these are. */
  readonly service: Pick<Service, 'hostname' | 'provider' | 'name' | 'namespace' | 'resolution'>;
  /** Certificates of a Sidecar's ingress listener; they count where mutual TLS is switched off. */
  readonly tls?: ServerTlsSettings;
  /** The Sidecar that asks for the port. */
  readonly source?: ObjectRef;
}
