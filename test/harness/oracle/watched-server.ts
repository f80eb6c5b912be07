/** A control plane that the oracle looks at: a `ServeProcess`, or one of several replicas. */
export interface WatchedServer {
  /** `HOST:PORT` of its discovery service. */
  readonly xds: string;
  /** Everything that it has logged. */
  readonly log: () => string;
  /** A page of its HTTP port. */
  get(path: string): Promise<Response>;
}
