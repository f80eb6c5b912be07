import type { NetworkGateways } from '../../mesh/networks/network-gateways.ts';
import type { EndpointScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import type { LbEndpoints } from './lb-endpoints.ts';

/** Everything that the endpoints of one cluster depend on. */
export interface EndpointInput {
  readonly clusterName: string;
  readonly service: Service;
  readonly port: ServicePort;
  /** Absent or empty: the whole service. */
  readonly subset?: string;
  readonly rule: EffectiveRule | undefined;
  /** Of all ports of the service, in the registry's canonical order. */
  readonly endpoints: readonly Endpoint[];
  readonly settings: MeshSettings;
  readonly scope: EndpointScope;
  /** Makes and remembers the messages; one for all assignments. */
  readonly messages: LbEndpoints;
  /** Whether PeerAuthentication lets the endpoint accept mutual TLS; absent: it does. Asked only of endpoints with a sidecar. */
  readonly acceptsMutualTls?: (endpoint: Endpoint) => boolean;
  /** MeshConfig or MCS keep the service inside each cluster. */
  readonly isClusterLocal?: boolean;
  /** Gateways between networks; absent or empty: one flat network. */
  readonly gateways?: NetworkGateways;
}
