import type { Node } from '../envoy/generated/envoy/config/core/v3/Node.ts';

/** One xDS resource, encoded once and shared by every stream that sends it. */
export interface EncodedResource {
  readonly name: string;
  /** Content hash of `any`: equal bytes, equal version, in every process. */
  readonly version: string;
  /** The bytes of a `google.protobuf.Any` that holds the resource. */
  readonly any: Uint8Array;
}

/**
 * Everything of one type that one class of equal proxies may see. Reading settles the engine first, so an answer is
 * always of one revision. Views are shared: object identity tells whether two proxies see the same. A view that was
 * replaced by another one stays readable until the end of the turn, so that the difference can be taken.
 */
export interface ResourceView {
  /** Identity for metrics and /debug: views / proxies is a figure we watch. */
  readonly key: string;
  /** Engine revision in which any resource last changed; streams are compared by it, so that it never goes back. */
  revision(): number;
  get(name: string): EncodedResource | undefined;
  all(): ReadonlyMap<string, EncodedResource>;
  /**
   * What is the proxy's own and what it shares with others, where the view is just these two. What is worked out for the second
   * one is worked out once for all of them.
   */
  readonly layers?: readonly [own: ResourceView, shared: ResourceView];
  /**
   * Names added, changed or removed after `revision`. Undefined where the journal no longer reaches back: then names are
   * sent afresh, and a delta wildcard stream, whose removals nobody knows any more, is ended to begin again. Streams read
   * on as soon as they hear of a change, so that a journal of the last few thousand changes is plenty.
   */
  changedSince(revision: number): ReadonlySet<string> | undefined;
  /**
   * What to answer for a name that does not exist: an empty ClusterLoadAssignment or RouteConfiguration, so that Envoy
   * stops waiting, a virtual host in a route configuration that has none; undefined where silence (state of the world) or
   * `removed_resources` (delta) is right.
   */
  absent(name: string): EncodedResource | undefined;
}

/** A connected proxy, as the server sees it: from type URL to the view that is right at this moment. */
export interface ProxyHandle {
  /** Stable text that says which scope the proxy is in, for /debug. */
  readonly nodeId: string;
  /** The view of a type, undefined for a type that is not served to this proxy. May be another view after a change. */
  view(typeUrl: string): ResourceView | undefined;
  /**
   * Tells (synchronously, at most once until the view was read again) that the view of a type may have changed; that any may
   * have, and may have been replaced, where no type is said.
   */
  onStale(listener: (typeUrl?: string) => void): void;
  /** Forgets the proxy; shared views nobody reads any more are evicted. */
  close(): void;
}

/** The question that DiscoveryServer asks; `xds/` answers it. Discovery knows names and bytes, not what they mean. */
export interface ResourceSource {
  /** False until every source has synced: streams are refused UNAVAILABLE (X64). */
  ready(): boolean;
  /**
   * Admits a node that speaks a variant of the protocol, or says in one sentence why its description cannot be used
   * (INVALID_ARGUMENT).
   */
  admit(node: Node, variant: 'sotw' | 'delta'): ProxyHandle | { readonly refused: string };
}
