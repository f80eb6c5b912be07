/**
 * `Listing`: it reads everything. `Watching`: it hears of changes. `Waiting`: it failed and tries again soon. `Absent`: the server
 * has no such kind (its CRD is not installed). `Pending`: the kind is installed but not served yet.
 */
export type ListWatchState = 'Listing' | 'Watching' | 'Waiting' | 'Absent' | 'Pending';

/** One list-watch as an operator sees it; counters count since the start. */
export interface ListWatchStatus {
  readonly kind: string;
  /** `networking.istio.io/v1`; empty while the kind is absent. */
  readonly apiVersion: string;
  readonly state: ListWatchState;
  /** Whether all objects have been read once. */
  readonly hasSynced: boolean;
  readonly objects: number;
  readonly lists: number;
  readonly watches: number;
  readonly events: number;
  readonly errors: number;
  /** In a row; 0 where all is well. */
  readonly failures: number;
  /** Lists that said that most of what was known is gone. They are obeyed. */
  readonly shrinks: number;
  /** The last failure in one sentence; gone once a watch lives again. */
  readonly lastError?: { readonly message: string; readonly status: number; readonly at: number };
  /** When the server last sent anything: milliseconds since the epoch. */
  readonly heardAt?: number;
  /** How old the last change was when it came, in milliseconds, to the second; 0 where nothing is known to be pending. */
  readonly lagMs: number;
}
