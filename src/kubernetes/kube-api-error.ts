/** An answer of the API server that is no success: its `Status` object, as far as it sent one. */
export class KubeApiError extends Error {
  /** HTTP status, or the `code` of a Status in a watch. */
  readonly status: number;
  /** `AlreadyExists`, `Conflict`, `Expired`, ...; empty where it said none. */
  readonly reason: string;
  /** How long it asks to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, answer: { readonly status: number; readonly reason?: string; readonly retryAfterMs?: number | undefined }) {
    super(message);
    this.name = 'KubeApiError';
    this.status = answer.status;
    this.reason = answer.reason ?? '';
    this.retryAfterMs = answer.retryAfterMs;
  }
}
