import type { Exchange } from '../http/exchange.ts';
import type { HttpRequest } from '../http/http-request.ts';
import { partOf } from '../places.ts';
import type { Loser, Place, Step } from '../step.ts';
import { stepOf } from '../steps.ts';
import type { CompiledRoute } from './compile-route.ts';
import type { Condition } from './condition.ts';

/** The first condition of a route that does not hold. */
export function failureOf({ conditions }: CompiledRoute, http: HttpRequest): Condition | undefined {
  for (const condition of conditions) if (!condition.holds(http)) return condition;
  return undefined;
}

/** Which of a virtual host's routes was taken. */
export function routeStep(
  { context, http }: Exchange,
  routes: readonly CompiledRoute[],
  taken: CompiledRoute | undefined,
  hostAt: Place,
): Step {
  const placeOfRoute = ({ index, route }: CompiledRoute) => partOf(hostAt, ['routes', index], route.metadata);
  const losers = context.wantsLosers
    ? routes
        .filter((each) => each !== taken)
        .map((each): Loser => ({ name: routeName(each), reason: whyNot(each, taken, http), at: placeOfRoute(each) }))
    : [];
  if (taken === undefined) {
    const why = routes.length === 0 ? 'the virtual host has no routes' : `none of ${routes.length} matches`;
    return stepOf({ stage: 'route', chosen: '', why, losers });
  }
  const why = taken.conditions.length > 1 ? `matches ${taken.path.text} and all else that it asks for` : `matches ${taken.path.text}`;
  return stepOf({ stage: 'route', chosen: routeName(taken), why, at: placeOfRoute(taken), losers });
}

function whyNot(route: CompiledRoute, taken: CompiledRoute | undefined, http: HttpRequest): string {
  const failed = failureOf(route, http);
  if (failed !== undefined) return failed.failure(http);
  return taken !== undefined && route.index < taken.index ? 'by chance' : 'matches too, but stands after the one that was taken';
}

function routeName({ route, index, path }: CompiledRoute): string {
  return route.name || `route ${index} (${path.text})`;
}
