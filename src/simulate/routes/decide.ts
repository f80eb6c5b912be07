import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import { percentText } from '../chance.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Simulation } from '../simulation.ts';
import type { Place } from '../step.ts';
import { branched, ended, onwards, stepOf } from '../steps.ts';
import { type Doubt, isDoubt } from '../three-valued.ts';
import type { CompiledRoute } from './compile-route.ts';
import type { Decision } from './decision.ts';
import { pickVirtualHost } from './pick-virtual-host.ts';
import { obstacleTo, placeOfRoute, type Reached, routeStep } from './route-step.ts';

/** Finds virtual host and route; `next` is asked how it goes on, once for each route that chance may choose. */
export function decide(
  exchange: Exchange,
  table: RouteConfiguration,
  tableAt: Place,
  next: (decision: Decision) => Simulation,
): Simulation {
  const { host, at, step } = pickVirtualHost(exchange, table, tableAt);
  if (host === undefined) return onwards([step], next({ kind: 'no virtual host', table, at: tableAt }));
  if (host.require_tls !== undefined && host.require_tls !== 'NONE' && host.require_tls !== 0 && exchange.http.forwardedProto !== 'https') {
    const why = `${host.name} takes TLS only, and the request came by ${exchange.http.forwardedProto}`;
    const redirect = stepOf({ stage: 'route', chosen: 'redirect to TLS', why, at });
    return onwards([step, redirect], next({ kind: 'redirect to TLS', table, host, at }));
  }
  return onwards([step], new RouteWalk(exchange, { table, host, hostAt: at }, next).from(0, new Map()));
}

interface Surroundings {
  readonly table: RouteConfiguration;
  readonly host: VirtualHost;
  readonly hostAt: Place;
}

/** For each denominator of fractions: the share of random numbers that earlier routes took. One number decides for all of them. */
type Drawn = ReadonlyMap<string, number>;

class RouteWalk {
  private readonly exchange: Exchange;
  private readonly around: Surroundings;
  private readonly next: (decision: Decision) => Simulation;
  private readonly routes: readonly CompiledRoute[];

  constructor(exchange: Exchange, around: Surroundings, next: (decision: Decision) => Simulation) {
    this.exchange = exchange;
    this.around = around;
    this.next = next;
    this.routes = exchange.context.tableOf(around.table).routesOf(around.host);
  }

  /** The first route that takes the request, beginning with this one. */
  from(start: number, drawn: Drawn): Simulation {
    for (let index = start; index < this.routes.length; index++) {
      const compiled = this.routes[index];
      if (compiled === undefined) continue;
      const obstacle = obstacleTo(compiled, this.exchange.http);
      if (obstacle === undefined) return compiled.share >= 1 ? this.taken(compiled) : this.byChance(compiled, drawn);
      if (isDoubt(obstacle)) return this.undecided(compiled, obstacle);
    }
    const { table, host, hostAt } = this.around;
    return onwards([this.step(undefined)], this.next({ kind: 'no route', table, host, at: hostAt }));
  }

  private taken(compiled: CompiledRoute): Simulation {
    const step = this.step({ compiled });
    const { table, host, hostAt } = this.around;
    return onwards([step], this.next({ kind: 'route', table, host, compiled, at: step.at ?? hostAt }));
  }

  private undecided(compiled: CompiledRoute, doubt: Doubt): Simulation {
    const at = placeOfRoute(compiled, this.around.hostAt);
    return ended([this.step({ compiled, doubt })], { kind: 'unknown', because: doubt.doubt, at });
  }

  private byChance(compiled: CompiledRoute, drawn: Drawn): Simulation {
    const denominator = String(compiled.route.match?.runtime_fraction?.default_value?.denominator ?? 'HUNDRED');
    const before = drawn.get(denominator) ?? 0;
    const probability = before >= 1 ? 0 : Math.max(0, compiled.share - before) / (1 - before);
    const because = `${percentText(compiled.share)} of what matches takes the route ${compiled.index}`;
    const others = new Map(drawn).set(denominator, Math.max(before, compiled.share));
    return branched([
      { probability, because, way: probability > 0 ? this.taken(compiled) : { steps: [], end: [] } },
      { probability: 1 - probability, because: 'the rest goes on', way: this.from(compiled.index + 1, others) },
    ]);
  }

  private step(reached: Reached | undefined) {
    return routeStep(this.exchange, this.routes, reached, this.around.hostAt);
  }
}
