/** A control plane that the oracle looks at: a `ServeProcess`, or one of several replicas. */
export interface WatchedServer {
  /** `HOST:PORT` of its discovery service. */
  readonly xds: string;
  /** Everything that it has logged. */
  readonly log: () => string;
  /** The process that serves, where the system says which it is. */
  readonly programPid: number | undefined;
  /** A page of its HTTP port. */
  get(path: string): Promise<Response>;
}
