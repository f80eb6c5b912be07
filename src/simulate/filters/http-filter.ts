import type { HttpFilter } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpFilter.ts';
import type { Any } from '../../envoy/generated/google/protobuf/Any.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Answered } from '../outcome.ts';
import type { Decision } from '../routes/decision.ts';
import type { Place } from '../step.ts';

/** What a filter is handed. */
export interface FilterInput {
  readonly exchange: Exchange;
  readonly decision: Decision;
  readonly filter: HttpFilter;
  /** Its own settings. */
  readonly config: Any | undefined;
  /** What the route says about it, or the virtual host, or the table: the closest. */
  readonly perRoute: Any | undefined;
  /** All of these, the closest first. */
  readonly allPerRoute: readonly Any[];
  readonly at: Place;
}

/** What a filter does with a request. */
export interface FilterResult {
  /** Worth a step of its own; absent: it let the request through and had nothing to say. */
  readonly why?: string;
  readonly notes?: readonly string[];
  /** It may answer: how often, and what. */
  readonly answer?: { readonly probability: number; readonly because: string; readonly answered: Answered };
  /** It decides by what is not known here. */
  readonly unknown?: string;
}

export interface FilterEvaluator {
  readonly types: readonly string[];
  evaluate(input: FilterInput): FilterResult;
}
