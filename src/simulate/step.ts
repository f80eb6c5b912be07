/** One decision on the way of a request. */
export interface Step {
  readonly stage: Stage;
  /** What was taken, by name, as a person would call it; empty where nothing fitted. */
  readonly chosen: string;
  /** Why this and nothing else: half a sentence without a full stop. */
  readonly why: string;
  /** Where the chosen part stands; absent where nothing was chosen. */
  readonly at?: Place;
  /** What might have been taken, in the order in which Envoy looks at it. */
  readonly losers: readonly Loser[];
  /** Further things worth knowing: what was changed here, what could not be evaluated. */
  readonly notes: readonly string[];
}

export type Stage =
  | 'listener'
  | 'inspectors'
  | 'filter chain'
  | 'TLS'
  | 'network filter'
  | 'HTTP connection manager'
  | 'route table'
  | 'virtual host'
  | 'route'
  | 'HTTP filter'
  | 'cluster'
  | 'TLS to upstream'
  | 'endpoints';

/** A candidate that was not taken. */
export interface Loser {
  readonly name: string;
  /** What did not hold, with both sides: `header end-user: wants exactly "jason", the request has none`. */
  readonly reason: string;
  readonly at: Place;
}

/** A part of a generated resource. */
export interface Place {
  readonly resource: ResourceKind;
  /** Name of the resource: of a listener, a route table, a cluster, a load assignment. */
  readonly name: string;
  /** The way to the part inside of it: `['virtual_hosts', 0, 'routes', 3]`. Empty: the resource itself. */
  readonly path: readonly (string | number)[];
  /** What the part says of its origin in `filter_metadata.istio.config`: `/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews`. */
  readonly origin?: string;
}

export type ResourceKind = 'listener' | 'route table' | 'cluster' | 'endpoints';
