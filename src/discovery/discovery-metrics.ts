/** What the discovery server counts; `admin/` gives these their Prometheus names. Types are short (`cds`), times in milliseconds. */
export interface DiscoveryMetrics {
  /** A response was handed to the transport (Istio `pilot_xds_pushes`, `pilot_xds_config_size_bytes`). */
  pushed(type: string, bytes: number): void;
  /** A client refused a response (`pilot_xds_<type>_reject`). */
  rejected(type: string): void;
  /** A request answered a response that is not the last one (`pilot_xds_expired_nonce`). */
  nonceExpired(type: string): void;
  /** A client did not read in time (`pilot_xds_write_timeout`). */
  writeTimedOut(): void;
  /** The source threw while a type was read; the other types went on. */
  sourceFailed(type: string): void;
  /** From a change until its push began (`pilot_proxy_queue_time`). */
  queued(ms: number): void;
  /** From a change until the client had answered everything that it led to (`pilot_proxy_convergence_time`). */
  converged(ms: number): void;
  /** A stream was refused before it began, with the gRPC status. */
  refused(reason: 'not ready' | 'rate limit' | 'invalid node'): void;
}

/** Counts nothing. */
export const noDiscoveryMetrics: DiscoveryMetrics = {
  pushed: () => {},
  rejected: () => {},
  nonceExpired: () => {},
  writeTimedOut: () => {},
  sourceFailed: () => {},
  queued: () => {},
  converged: () => {},
  refused: () => {},
};
