/** What an endpoint answers. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Pieces are made while they are written, with turns for others in between. */
  readonly body: string | Iterable<string>;
}

/** One path of the administration interface. */
export interface HttpEndpoint {
  readonly path: string;
  /** One line for the list at `/debug`. */
  readonly help: string;
  answer(query: URLSearchParams): HttpAnswer | Promise<HttpAnswer>;
}

export function textAnswer(status: number, body: string): HttpAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}
