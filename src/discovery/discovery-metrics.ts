/** What the discovery server counts; `admin/` gives these their Prometheus names. Types are short (`cds`), times in milliseconds. */
export interface DiscoveryMetrics {
  /** A response was handed to the transport (Istio `pilot_xds_pushes`, `pilot_xds_config_size_bytes`). */
  pushed(type: string, bytes: number): void;
  /** A client refused a response (`pilot_xds_<type>_reject`). */
  rejected(type: string): void;
  /** A request answered a response that is not the last one (`pilot_xds_expired_nonce`). */
  nonceExpired(type: string): void;
  /** From handing a response to the transport until it had left (`pilot_xds_send_time`). */
  written(ms: number): void;
  /** A client did not read in time (`pilot_xds_write_timeout`). */
  writeTimedOut(): void;
  /** The source threw while a type was read; the other types went on. */
  sourceFailed(type: string): void;
  /** A response of that type was made and handed over in this time (`pilot_xds_push_time`). */
  madeIn(type: string, ms: number): void;
  /** A push began, because of endpoints alone or of anything; the first of its changes had waited this long (`pilot_push_triggers`, `pilot_debounce_time`). */
  triggered(reason: 'endpoint' | 'config', waitedMs: number): void;
  /** From a change until the last client had answered what it led to, of one type. */
  changeAnswered(type: string, ms: number): void;
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
  written: () => {},
  madeIn: () => {},
  triggered: () => {},
  changeAnswered: () => {},
  writeTimedOut: () => {},
  sourceFailed: () => {},
  queued: () => {},
  converged: () => {},
  refused: () => {},
};
