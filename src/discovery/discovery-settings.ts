/** What an operator may set about the discovery server; Istio's names in brackets. */
export interface DiscoverySettings {
  /** `host:port`, or `unix:/path`. Port 0 takes a free one. */
  readonly address: string;
  /** Within a storm of changes, the quiet that a push waits for [PILOT_DEBOUNCE_AFTER]. */
  readonly debounceAfterMs: number;
  /** How long a storm can delay a push [PILOT_DEBOUNCE_MAX]. */
  readonly debounceMaxMs: number;
  /** New streams per second, 0 for the built-in choice [PILOT_MAX_REQUESTS_PER_SECOND]. */
  readonly maxStreamsPerSecond: number;
  /** A message that a client has not taken in by then ends its stream [PILOT_XDS_SEND_TIMEOUT]. */
  readonly sendDeadlineMs: number;
  /** A stream that has not said who it is by then is ended (D7). */
  readonly firstRequestDeadlineMs: number;
  /** How long listeners and routes wait for the answer to clusters at most. */
  readonly maxHoldMs: number;
  /** State of the world: how long a cluster that nothing uses any more may stay, so that its removal goes with another change. */
  readonly removalLingerMs: number;
  /** Largest request: a proxy that reconnects names everything it holds [ISTIO_GPRC_MAXRECVMSGSIZE, there 4 MiB]. */
  readonly maxReceiveBytes: number;
  /** Streams on one connection [ISTIO_GPRC_MAXSTREAMS]. */
  readonly maxConcurrentStreams: number;
  readonly keepaliveTimeMs: number;
  readonly keepaliveTimeoutMs: number;
  /** Connections end at this age, give or take a tenth, so that proxies spread over replicas. */
  readonly maxConnectionAgeMs: number;
  /** Without it grpc-js waits for ever for open streams (D4). */
  readonly maxConnectionAgeGraceMs: number;
  /** Large messages in flight to all clients together: what was handed to the transport and has not left [none in Istio]. */
  readonly maxBytesInFlight: number;
  /** Delta responses are cut when they reach this size, but for what belongs together [none in Istio]. */
  readonly maxMessageBytes: number;
  /** Streams are ended one after the other over this time when the server shuts down. */
  readonly drainMs: number;
  /** Encoded responses kept for other streams to share. */
  readonly sharedResponseBytes: number;
}

export const defaultDiscoverySettings: DiscoverySettings = {
  address: '0.0.0.0:15010',
  debounceAfterMs: 10,
  debounceMaxMs: 1_000,
  maxStreamsPerSecond: 0,
  sendDeadlineMs: 30_000,
  firstRequestDeadlineMs: 30_000,
  maxHoldMs: 2_000,
  removalLingerMs: 5_000,
  maxReceiveBytes: 16 * 1024 * 1024,
  maxConcurrentStreams: 100_000,
  keepaliveTimeMs: 30_000,
  keepaliveTimeoutMs: 10_000,
  maxConnectionAgeMs: 30 * 60_000,
  maxConnectionAgeGraceMs: 10_000,
  maxBytesInFlight: 8 * 1024 * 1024,
  maxMessageBytes: 256 * 1024,
  drainMs: 5_000,
  sharedResponseBytes: 64 * 1024 * 1024,
};
