/** Health of an endpoint as the registry sees it. */
export type EndpointHealth = 'HEALTHY' | 'UNHEALTHY' | 'DRAINING' | 'TERMINATING';

/** One network address that serves one port of one service. */
export interface Endpoint {
  /** IP address, DNS name (resolution DNS) or `unix://` path (then port is 0). */
  readonly address: string;
  /** Further addresses of the same place, of the other family: clients try them in turn (ISTIO_DUAL_STACK). */
  readonly additionalAddresses?: readonly string[];
  readonly port: number;
  /** Name of the service port it serves: the key that joins endpoints and ports (Istio EDS filters by name, not number). */
  readonly portName: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `region/zone/subzone`, empty where unknown. */
  readonly locality: string;
  /** Relative weight, at least 1. */
  readonly weight: number;
  readonly health: EndpointHealth;
  /** `spiffe://trust-domain/ns/N/sa/A`, empty where unknown. */
  readonly serviceAccount: string;
  readonly network: string;
  readonly clusterId: string;
  readonly namespace: string;
  readonly workloadName: string;
  /** `istio` where the workload has a sidecar that speaks mutual TLS, else `disabled` (label security.istio.io/tlsMode). */
  readonly tlsMode: 'istio' | 'disabled';
  readonly nodeName?: string;
  /** Host and subdomain of a pod in a headless service. */
  readonly hostname?: string;
  readonly subDomain?: string;
  /** The registries that know this place, as `provider/id`, strongest first; only where several do. */
  readonly sources?: readonly string[];
}
