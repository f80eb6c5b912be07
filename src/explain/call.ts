/** A request, or a connection, as the client means it: before names are looked up. */
export interface Call {
  readonly protocol: CallProtocol;
  /** The name, or address, that the client was told. */
  readonly host: string;
  readonly port: number;
  /** TLS around it. */
  readonly tls: boolean;
  /** Server name of the ClientHello; absent: the host, where that is a name. */
  readonly sni?: string;
  /** Absent: what such a client offers. */
  readonly alpn?: readonly string[];
  /** Host header, or `:authority`; absent: the host, with the port where it is not the scheme's. */
  readonly authority?: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Where the client connects instead of what it is told: an address, or another name. */
  readonly connectTo?: { readonly host?: string; readonly port?: number };
}

export type CallProtocol = 'http' | 'http2' | 'grpc' | 'tcp';

export const callProtocols: readonly CallProtocol[] = ['http', 'http2', 'grpc', 'tcp'];

/** Why a call cannot be read, and what to do about it. */
export interface CallProblem {
  readonly problem: string;
  readonly hint?: string;
}

export function isProblem(value: object): value is CallProblem {
  return 'problem' in value;
}

/** The name in a Host header, in small letters and without its port. */
export function hostNameOf(authority: string): string {
  return authority
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}

/** What the client writes as Host: the port only where the scheme's own is another. */
export function authorityOf(call: Call): string {
  if (call.authority !== undefined) return call.authority;
  const host = call.host.includes(':') ? `[${call.host}]` : call.host;
  return call.port === (call.tls ? 443 : 80) ? host : `${host}:${call.port}`;
}
