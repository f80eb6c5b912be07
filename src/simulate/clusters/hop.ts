import type { HttpRequest } from '../http/http-request.ts';
import type { ForwardedRequest, Mirror } from '../outcome.ts';
import type { SimulatedRequest } from '../request.ts';
import type { Place } from '../step.ts';

/** What is on its way to a cluster. */
export interface Hop {
  /** Of the cluster. */
  readonly name: string;
  /** Who names it. */
  readonly from: Place;
  readonly why: string;
  readonly input: SimulatedRequest;
  readonly isRestored: boolean;
  /** Absent: a connection, of which nothing is read. */
  readonly http?: {
    readonly request: HttpRequest;
    readonly forwarded: ForwardedRequest;
    /** What clients are told when there is no such cluster. */
    readonly missingStatus: number;
  };
  readonly mirrors: readonly Mirror[];
}
