import type { Agent } from 'node:https';

/** What a request carries so that the API server trusts us, and we it. */
export interface KubeCredentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: KubeTls;
  /** Instead of connections of our own, where the cluster is reached through a proxy. */
  readonly proxy?: Agent;
}

export interface KubeTls {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** A cluster's address and who we are there. */
export interface KubeAccess {
  /** URL of the API server, without credentials. */
  readonly server: string;
  /** Those of the moment: files are read and plugins asked again when they are due. */
  credentials(): Promise<KubeCredentials>;
  /** The server does not accept them (401): everything is read anew before the next request. */
  refused(): void;
}

/** Which cluster, and as whom. */
export type KubeTarget =
  /** Files as kubectl reads them, merged in their order; the current context where none is named. */
  | { readonly kind: 'kubeconfig'; readonly files: readonly string[]; readonly context?: string }
  /** The text of a kubeconfig that came from elsewhere, such as a Secret: see `forbiddenFields` for what it may not name. */
  | { readonly kind: 'inline'; readonly text: string; readonly context?: string; readonly allowed?: ReadonlySet<string> }
  /** The pod's own service account. */
  | { readonly kind: 'in-cluster' };
