/**
 * The two labels in which a stock Envoy counts what takes five and three in Istio's metrics: Envoy cannot take texts apart
 * without an expression for each label of each request, which costs more than the request. The agent that hands the metrics
 * out takes them apart (`agent/metrics`).
 */
export const compactLabels = {
  /** The other side: `workload;namespace;canonical service;revision;cluster`, as endpoints carry it. */
  peer: 'peer',
  /** The service that is called: the list of services in the metadata of the cluster, as JSON. */
  service: 'service',
  /** Labels that the user wants left out, separated by commas. */
  removed: 'removed',
} as const;

/** The scope of the statistics; with Envoy's own prefix they are `envoy_istio_requests_total`. */
export const metricScope = 'istio';

/** The environment variable in which a proxy's agent says who the workload is, in the words of `compactLabels.peer`. */
export const peerVariable = 'COXSWAIN_PEER';
