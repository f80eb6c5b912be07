import type { HttpRequest } from '../http/http-request.ts';

/** One thing that a route asks for. */
export interface Condition {
  holds(request: HttpRequest): boolean;
  /** Why it does not hold: what is wanted, what there is. */
  failure(request: HttpRequest): string;
}
