import type { Node } from '../envoy/generated/envoy/config/core/v3/Node.ts';
import type { Batch, BatchCache, EncodeBody } from './batch.ts';
import type { NameList } from './name-list.ts';
import type { ResourceType } from './resource-types.ts';
import type { ResponseNews } from './response-news.ts';
import type { ViewChanges } from './view-changes.ts';
import type { Watch } from './watch.ts';

/** What both request messages have in common. */
export interface DiscoveryRequestBase {
  readonly typeUrl: string;
  readonly node: Node | undefined;
  /** Empty, or the nonce of the response that is answered. */
  readonly nonce: string;
  /** The client's reason, where it refused that response. Its presence alone makes a NACK (X08). */
  readonly error: string | undefined;
}

/** The next response for a watch, and what is owed after it. */
export interface Plan {
  /** Undefined where all that was owed came to nothing. */
  readonly batch: Batch | undefined;
  readonly rest: NameList;
}

/** What a variant is made with. */
export interface ProtocolOptions {
  readonly decodeMessage: <T extends object>(typeName: string, bytes: Uint8Array) => T;
  /** An encoded `core.v3.ControlPlane` that every response carries, or empty. */
  readonly controlPlane: Buffer;
}

/** What a protocol works with: one per server and variant. */
export interface PlanContext {
  readonly changes: ViewChanges;
  readonly batches: BatchCache;
  readonly news: ResponseNews;
  /** Responses are cut where the protocol allows it when they reach this size (X60). */
  readonly maxMessageBytes: number;
}

/** One variant of the aggregated discovery service; `sotw/` and `delta/` hold the same four files. */
export interface Protocol<Request extends DiscoveryRequestBase = DiscoveryRequestBase> {
  readonly variant: 'sotw' | 'delta';
  /** Path of the gRPC method. */
  readonly path: string;
  decodeRequest(bytes: Buffer): Request;
  /** Whether the first request of a type asks for nothing and begins no watch (X18). */
  asksNothing(request: Request, type: ResourceType): boolean;
  /** Takes the request's names into the watch; whether they answer a response is already dealt with. */
  subscribe(watch: Watch, request: Request, context: SubscribeContext): void;
  encodeBody: EncodeBody;
  plan(watch: Watch, context: PlanContext): Plan;
}

export interface SubscribeContext {
  readonly changes: ViewChanges;
  /** The request is the first of its type on the stream. */
  readonly isFirst: boolean;
}
