import type { Place } from './step.ts';
import type { Doubt } from './three-valued.ts';

/** What becomes of a request. */
export type Outcome = Delivered | Answered | Closed | Unknown;

/** It goes on to a cluster. */
export interface Delivered {
  readonly kind: 'delivered';
  /** `outbound|9080|v2|reviews.default.svc.cluster.local`. */
  readonly cluster: string;
  /** Empty: all endpoints of the service. */
  readonly subset: string;
  /** Who may get it; shares add up to 1. Empty where names are resolved while the request waits: see `resolves`. */
  readonly endpoints: readonly EndpointChoice[];
  /** What is looked up first where no addresses are known beforehand: `host:port`. */
  readonly resolves?: string;
  /** Of HTTP: what the cluster is sent. */
  readonly request?: ForwardedRequest;
  /** Copies that are sent elsewhere, answers to which are dropped. */
  readonly mirrors: readonly Mirror[];
}

export interface EndpointChoice {
  /** `10.1.2.3:8080`, or the path of a socket. */
  readonly address: string;
  /** How often it is the one, 0 to 1. For policies that look at load or at the request: over many equal ones. */
  readonly share: number;
  /** 0 is used first. */
  readonly priority: number;
  /** `region/zone/subzone` as far as it is known. */
  readonly locality: string;
  readonly tls: UpstreamTls;
}

/** How the connection to an endpoint is made. `mutual`: with the certificate of the workload. */
export interface UpstreamTls {
  readonly mode: 'plaintext' | 'tls' | 'mutual';
  readonly sni?: string;
  readonly alpn?: readonly string[];
}

/** HTTP as it leaves the proxy. Hop-by-hop and tracing headers that Envoy adds by itself are not listed. */
export interface ForwardedRequest {
  readonly method: string;
  readonly host: string | Doubt;
  /** With the query. */
  readonly path: string | Doubt;
  /** By routes, in the order in which they are made. */
  readonly headerChanges: readonly HeaderChange[];
  /** The same of the answer. */
  readonly responseHeaderChanges: readonly HeaderChange[];
  /** Of the whole answer, in milliseconds; 0: none. */
  readonly timeoutMs: number;
  readonly retries?: Retries;
}

export interface HeaderChange {
  readonly action: 'remove' | 'append' | 'add if absent' | 'overwrite' | 'overwrite if there';
  /** In small letters. */
  readonly name: string;
  /** Values with Envoy's `%...%` in them stand as they are written; of what is removed: empty. */
  readonly value: string;
}

export interface Retries {
  readonly attempts: number;
  /** Envoy's conditions, with commas between them. */
  readonly on: string;
  readonly perTryTimeoutMs?: number;
}

export interface Mirror {
  readonly cluster: string;
  /** 0 to 1. */
  readonly share: number;
}

/** The proxy answers by itself. */
export interface Answered {
  readonly kind: 'answered';
  readonly by: Answerer;
  /** HTTP. */
  readonly status: number;
  readonly body?: string;
  /** Of redirects. */
  readonly location?: string;
  /** Of gRPC: the status inside of the answer. */
  readonly grpcStatus?: number;
  /** By routes; absent where it is refused before a route is looked for, then nothing is said of them. */
  readonly responseHeaderChanges?: readonly HeaderChange[];
  readonly at?: Place;
}

export type Answerer =
  | 'direct response'
  | 'redirect'
  | 'redirect to TLS'
  | 'abort'
  | 'CORS preflight'
  | 'access denied'
  | 'no virtual host'
  | 'no route'
  | 'no cluster'
  | 'no healthy upstream'
  | 'bad request';

/** The connection ends, or was never made, or the stream ends without an answer. */
export interface Closed {
  readonly kind: 'closed';
  readonly because:
    | 'no listener'
    | 'no filter chain'
    | 'several filter chains'
    | 'TLS expected'
    | 'no client certificate'
    | 'client certificate refused'
    | 'not HTTP'
    | 'not valid HTTP/2'
    | 'access denied'
    | 'no cluster'
    | 'no healthy upstream'
    | 'no network filter'
    | 'loop';
  readonly at?: Place;
}

/** Nobody can say without knowing more than the resources tell, or without an expression that cannot be run here. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly because: string;
  readonly at?: Place;
}
