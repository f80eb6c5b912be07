import type { Exchange } from '../http/exchange.ts';
import type { HttpRequest } from '../http/http-request.ts';
import { partOf } from '../places.ts';
import type { Loser, Place, Step } from '../step.ts';
import { stepOf } from '../steps.ts';
import { type Doubt, isDoubt } from '../three-valued.ts';
import type { CompiledRoute } from './compile-route.ts';
import type { Condition } from './condition.ts';

/** What keeps a route from being taken: the first condition that does not hold, else the first doubt; undefined: it matches. */
export function obstacleTo({ conditions }: CompiledRoute, http: HttpRequest): Condition | Doubt | undefined {
  let doubt: Doubt | undefined;
  for (const condition of conditions) {
    const holds = condition.holds(http);
    if (holds === false) return condition;
    if (holds !== true) doubt ??= holds;
  }
  return doubt;
}

/** The route at which the search ended. */
export interface Reached {
  readonly compiled: CompiledRoute;
  /** Why nobody can say whether it is taken. */
  readonly doubt?: Doubt;
}

export function placeOfRoute({ index, route }: CompiledRoute, hostAt: Place): Place {
  return partOf(hostAt, ['routes', index], route.metadata);
}

/** Which of a virtual host's routes was reached. */
export function routeStep(
  { context, http }: Exchange,
  routes: readonly CompiledRoute[],
  reached: Reached | undefined,
  hostAt: Place,
): Step {
  const losers = context.wantsLosers
    ? routes
        .filter((each) => each !== reached?.compiled)
        .map((each): Loser => ({ name: routeName(each), reason: whyNot(each, reached, http), at: placeOfRoute(each, hostAt) }))
    : [];
  if (reached === undefined) {
    const why = routes.length === 0 ? 'the virtual host has no routes' : `none of ${routes.length} matches`;
    return stepOf({ stage: 'route', chosen: '', why, losers });
  }
  const { compiled, doubt } = reached;
  const found = { stage: 'route', chosen: routeName(compiled), at: placeOfRoute(compiled, hostAt), losers } as const;
  if (doubt !== undefined) return stepOf({ ...found, why: 'may match', notes: ['nobody can say whether it matches'] });
  const rest = compiled.conditions.length > 1 ? ' and all else that it asks for' : '';
  return stepOf({ ...found, why: `matches ${compiled.path.text}${rest}` });
}

function whyNot(route: CompiledRoute, reached: Reached | undefined, http: HttpRequest): string {
  const obstacle = obstacleTo(route, http);
  if (obstacle !== undefined && !isDoubt(obstacle)) return obstacle.failure(http);
  if (reached !== undefined && route.index < reached.compiled.index) return 'by chance';
  const matches = obstacle === undefined ? 'matches' : 'may match';
  return `${matches} too, but stands after the one that ${reached?.doubt === undefined ? 'was taken' : 'may be taken'}`;
}

function routeName({ route, index, path }: CompiledRoute): string {
  return route.name || `route ${index} (${path.text})`;
}
