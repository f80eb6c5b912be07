import { KubeApiError } from '../kube-api-error.ts';

/** What a server sent cannot be understood, or not be believed: to ask again for the same may give the same. */
export class UnusableAnswerError extends Error {
  override readonly name: string = 'UnusableAnswerError';
}

export interface SortedFailure {
  /**
   * `expired`: the place in the history is unknown to the server. `not-served`: it has no such collection. `refused`: we may not
   * read it. `unusable`: see `UnusableAnswerError`. `other`: the network, an overload, ...
   */
  readonly kind: 'expired' | 'not-served' | 'refused' | 'unusable' | 'other';
  /** HTTP status; 0 where there was none. */
  readonly status: number;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

const first = 500;
const longest = 30_000;

export function sortFailure(error: unknown): SortedFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof KubeApiError))
    return { kind: error instanceof UnusableAnswerError ? 'unusable' : 'other', status: 0, message, retryAfterMs: undefined };
  const { status, retryAfterMs } = error;
  return { kind: kindOfAnswer(error), status, message, retryAfterMs };
}

function kindOfAnswer({ status, reason, message }: KubeApiError): SortedFailure['kind'] {
  if (status === 410 || reason === 'Expired' || reason === 'Gone') return 'expired';
  // The server is behind what it once said: its data was set back.
  if (status === 504 && message.includes('Too large resource version')) return 'expired';
  if (status === 404) return 'not-served';
  return status === 401 || status === 403 ? 'refused' : 'other';
}

/** Doubles up to 30 s, half of it by chance so that not everybody comes back at once; never earlier than the server asks. */
export function retryDelayMs(failures: number, retryAfterMs: number | undefined, random: () => number): number {
  const ceiling = Math.min(longest, first * 2 ** Math.max(0, failures - 1));
  return Math.max(ceiling / 2 + (random() * ceiling) / 2, retryAfterMs ?? 0);
}
