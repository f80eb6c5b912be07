import type { ClientTls, SimulatedRequest } from '../request.ts';

/** What the listener knows of a connection when it looks for a filter chain. */
export interface Connection {
  readonly address: string;
  readonly port: number;
  readonly sourceAddress: string;
  readonly sourcePort: number;
  /** `tls` or `raw_buffer`. */
  readonly transportProtocol: string;
  readonly serverName: string;
  readonly applicationProtocols: readonly string[];
}

const loopback = '127.0.0.1';

/** A connection before anything was read from it. */
export function uninspected({ destination, source }: SimulatedRequest): Connection {
  return {
    address: destination.address,
    port: destination.port,
    sourceAddress: source?.address ?? loopback,
    sourcePort: source?.port ?? 0,
    transportProtocol: 'raw_buffer',
    serverName: '',
    applicationProtocols: [],
  };
}

/** What the TLS inspector reads from a ClientHello. */
export function withTls(connection: Connection, tls: ClientTls): Connection {
  return { ...connection, transportProtocol: 'tls', serverName: tls.sni.toLowerCase(), applicationProtocols: tls.alpn };
}
