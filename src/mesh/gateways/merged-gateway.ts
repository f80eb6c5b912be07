import type { ObjectRef } from '../../model/object-ref.ts';
import type { Protocol } from '../../model/protocol.ts';
import type { ServerTlsSettings } from '../../schema/parts/server-tls-settings.ts';

/** A server of a Gateway with every name in full. */
export interface ResolvedServer {
  /** `namespace/name` of the Gateway. */
  readonly gateway: string;
  readonly source: ObjectRef;
  /** Position in `spec.servers`. */
  readonly index: number;
  /** The user's name for it, which becomes the prefix of its statistics; empty where there is none. */
  readonly name: string;
  /** As the Gateway states it: a port of the gateway's Service, where that has it. */
  readonly port: { readonly number: number; readonly name: string; readonly protocol: Protocol };
  /** Address to listen on; empty: all. */
  readonly bind: string;
  /** `host` or `namespace/host`. */
  readonly hosts: readonly string[];
  readonly tls?: ServerTlsSettings;
}

/** A server on a port that the proxy really opens. */
export interface MergedServer extends ResolvedServer {
  /** Of its route table; empty where it has none, as for TCP and TLS passthrough. */
  readonly routeName: string;
  /** Server names that clients ask for, sorted; empty where the server has no TLS. */
  readonly sniHosts: readonly string[];
}

/** Servers that share address, port and protocol. */
export interface MergedPort {
  readonly number: number;
  readonly bind: string;
  readonly protocol: Protocol;
  /** Of plain HTTP servers, which share one table; those behind TLS have their own. */
  readonly routeName: string;
  readonly servers: readonly MergedServer[];
}

/** Why a server is left out (Istio counts them in `pilot_total_rejected_configs`). */
export type RejectionReason = 'duplicate-hosts' | 'protocol-conflict' | 'duplicate-port-name';

export interface RejectedServer {
  readonly server: MergedServer;
  /** Where it would listen. */
  readonly port: number;
  readonly reason: RejectionReason;
  /** The server that was there before. */
  readonly other: MergedServer;
}

/** A host of a server that ends TLS, whose name another server of the port has. */
export interface LostName {
  readonly server: MergedServer;
  /** Position among its hosts. */
  readonly index: number;
  /** The host without its namespace. */
  readonly name: string;
  /** Where the server listens. */
  readonly port: number;
  readonly other: MergedServer;
  /** Both are sent, and Envoy refuses the listener; else the other one has the name. */
  readonly isRefused: boolean;
}

/** All servers of all Gateways that hold for a workload, made one (Istio `MergedGateway`). */
export interface MergedGateway {
  /** In the order in which they were opened. */
  readonly ports: readonly MergedPort[];
  /** Servers by the name of their route table. */
  readonly routes: ReadonlyMap<string, readonly MergedServer[]>;
  /** Hosts of the servers with AUTO_PASSTHROUGH, sorted; undefined: there is none, and no clusters for them. */
  readonly autoPassthroughHosts?: readonly string[];
  readonly rejected: readonly RejectedServer[];
  readonly lostNames: readonly LostName[];
}
