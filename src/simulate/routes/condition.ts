import type { HttpRequest } from '../http/http-request.ts';
import type { Maybe } from '../three-valued.ts';

/** One thing that a route asks for. */
export interface Condition {
  holds(request: HttpRequest): Maybe;
  /** Why it does not hold: what is wanted, what there is. */
  failure(request: HttpRequest): string;
}
