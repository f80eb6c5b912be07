/** One request to an API server. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root, without a query: `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default `application/json`; a PATCH states which kind of patch it is. */
  readonly contentType?: string;
  /** Default `application/json`; asks for metadata alone, for one. */
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds until the answer must have begun, and for `request` have ended. Default 30 s. */
  readonly timeoutMs?: number;
}

/**
 * One cluster, reachable and authenticated; credentials that expire or lie in files are renewed behind it. Rejects with
 * `KubeApiError` where the server answered, with another error where it could not be reached.
 */
export interface KubeClient {
  /** URL of the API server, without credentials. */
  readonly server: string;
  /** The answer's body, parsed. */
  request(request: KubeRequest): Promise<unknown>;
  /** The body as it arrives, for watches; ends with the signal. */
  stream(request: KubeRequest): Promise<AsyncIterable<Uint8Array>>;
}
