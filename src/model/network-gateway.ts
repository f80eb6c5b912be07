/** A way into another network: a gateway with AUTO_PASSTHROUGH, under one of its addresses. */
export interface NetworkGateway {
  readonly network: string;
  /** Cluster that the gateway runs in; empty: unknown, it serves the network as a whole. */
  readonly clusterId: string;
  /** IP address or DNS name. */
  readonly address: string;
  readonly port: number;
}
