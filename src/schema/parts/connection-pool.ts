/** Limits of the connections to a destination (DestinationRule, Sidecar, MeshConfig). */

import { object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, duration, int32, uint32 } from '../field/scalars.ts';

export const tcpKeepalive = object({
  probes: uint32(),
  time: duration({ minMs: 1 }),
  interval: duration({ minMs: 1 }),
});
export type TcpKeepalive = Infer<typeof tcpKeepalive>;

const tcpSettings = object({
  maxConnections: int32(),
  connectTimeout: duration({ minMs: 1 }),
  tcpKeepalive,
  maxConnectionDuration: duration({ minMs: 1 }),
  idleTimeout: duration(),
});
export type TcpSettings = Infer<typeof tcpSettings>;

const connectionKeepalive = object({
  interval: duration({ minMs: 1 }),
  timeout: duration({ minMs: 1 }),
});
export type ConnectionKeepalive = Infer<typeof connectionKeepalive>;

const httpSettings = object({
  http1MaxPendingRequests: int32(),
  http2MaxRequests: int32(),
  maxRequestsPerConnection: int32(),
  maxRetries: int32(),
  idleTimeout: duration({ minMs: 1 }),
  h2UpgradePolicy: choice(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']),
  useClientProtocol: bool(),
  maxConcurrentStreams: int32(),
  http2KeepAlive: connectionKeepalive,
});
export type HttpSettings = Infer<typeof httpSettings>;

export const connectionPoolSettings = object({
  tcp: tcpSettings,
  http: httpSettings,
});
export type ConnectionPoolSettings = Infer<typeof connectionPoolSettings>;
