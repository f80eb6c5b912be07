/** A request, or a connection, as it reaches a proxy. Everything that is absent is what a plain client would send. */
export interface SimulatedRequest {
  /**
   * How it got to the proxy. `outbound` and `inbound`: intercepted by iptables on its way from, or to, the workload beside the proxy.
   * `direct`: sent to an address where the proxy itself listens: gateways, and sidecars whose traffic is not intercepted.
   */
  readonly direction: 'outbound' | 'inbound' | 'direct';
  /** Where the client connects to, before any interception. */
  readonly destination: { readonly address: string; readonly port: number };
  /** Where the client connects from; 127.0.0.1 and a port that no rule names where it is absent. */
  readonly source?: { readonly address: string; readonly port?: number };
  /** What the client speaks once it is connected. gRPC is HTTP/2 with its content type. */
  readonly protocol: 'http' | 'http2' | 'grpc' | 'tcp';
  /** TLS around it; absent: plain text. */
  readonly tls?: ClientTls;
  /** Of HTTP: the Host header, or `:authority`, as the client writes it. */
  readonly host?: string;
  /** GET where it is absent; POST for gRPC. */
  readonly method?: string;
  /** With the query, as it stands in the request line: `/reviews/0?full=1`. `/` where it is absent. */
  readonly path?: string;
  /** In their order, one name any number of times; names in any case. Host and pseudo headers do not belong here. */
  readonly headers?: readonly Header[];
}

export type Header = readonly [name: string, value: string];

export interface ClientTls {
  /** Server name of the ClientHello; empty: none. */
  readonly sni: string;
  /** What the client offers, in its order. */
  readonly alpn: readonly string[];
  /** The certificate that the client shows when it is asked for one; absent: it has none. */
  readonly certificate?: ClientCertificate;
}

export interface ClientCertificate {
  /** Alternative names of type URI: SPIFFE identities. */
  readonly uris: readonly string[];
  readonly dnsNames?: readonly string[];
}
