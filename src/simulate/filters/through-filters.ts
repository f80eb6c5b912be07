import type { HttpFilter } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpFilter.ts';
import type { Any } from '../../envoy/generated/google/protobuf/Any.ts';
import { messageOf, typeOf } from '../any-message.ts';
import type { Exchange } from '../http/exchange.ts';
import { withHeaderChanges } from '../http/local-reply.ts';
import type { Answered, HeaderChange } from '../outcome.ts';
import { partOf } from '../places.ts';
import type { ClusterWeight, Decision } from '../routes/decision.ts';
import { finish, weightsOf } from '../routes/finish.ts';
import { responseHeaderChanges } from '../routes/header-changes.ts';
import type { Simulation } from '../simulation.ts';
import { branched, ended, onwards, stepOf } from '../steps.ts';
import { corsFilter } from './cors.ts';
import { faultFilter } from './fault.ts';
import type { FilterEvaluator, FilterInput } from './http-filter.ts';
import { askingFilters, passiveFilters } from './passive.ts';
import { rbacFilter } from './rbac.ts';

const evaluators: readonly FilterEvaluator[] = [faultFilter, corsFilter, rbacFilter, passiveFilters, askingFilters];
const byType = new Map(evaluators.flatMap((evaluator) => evaluator.types.map((type) => [type, evaluator] as const)));

/** The HTTP filters in their order, and the router behind them. Where a cluster of several has a say in what they do, it is chosen first. */
export function throughFilters(exchange: Exchange, decision: Decision): Simulation {
  const weights = decision.kind === 'route' && decision.weighted === undefined ? weightsOf(decision.compiled.route) : undefined;
  if (decision.kind !== 'route' || weights === undefined || !weights.some(({ entry }) => hasASay(entry)))
    return filterFrom(exchange, decision, 0);
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  return branched(
    weights.map(({ entry, weight }) => ({
      probability: total === 0 ? 0 : weight / total,
      because: `weight ${weight} of ${total}`,
      way: filterFrom(exchange, { ...decision, weighted: entry }, 0),
    })),
  );
}

/** It sets filters up, or changes the headers of what they answer. */
function hasASay({ typed_per_filter_config, response_headers_to_add, response_headers_to_remove }: ClusterWeight): boolean {
  const changes = [...(response_headers_to_add ?? []), ...(response_headers_to_remove ?? [])];
  return changes.length > 0 || Object.keys(typed_per_filter_config ?? {}).length > 0;
}

function filterFrom(exchange: Exchange, decision: Decision, index: number): Simulation {
  const filter = exchange.manager.http_filters?.[index];
  if (filter === undefined) return finish(exchange, decision);
  const rest = () => filterFrom(exchange, decision, index + 1);
  const input = inputFor(exchange, decision, filter, index);
  if (input === undefined) return rest();
  const evaluator = byType.get(typeOf(input.config)) ?? byType.get(innerType(input.config));
  const result = evaluator?.evaluate(input) ?? { why: 'not evaluated', notes: ['it may change the request, or answer it'] };
  if (result.why === undefined) return rest();
  const step = stepOf({ stage: 'HTTP filter', chosen: filter.name ?? '', why: result.why, at: input.at, notes: result.notes ?? [] });
  if (result.unknown !== undefined) return ended([step], { kind: 'unknown', because: result.unknown, at: input.at });
  if (result.answer === undefined) return onwards([step], rest());
  const { probability, because } = result.answer;
  const answered = withHeaderChanges(result.answer.answered, changesOfAnswer(result.answer.answered, decision));
  if (probability >= 1) return ended([step], answered);
  const others = { probability: 1 - probability, because: 'the rest goes on', way: rest() };
  return onwards([step], branched([{ probability, because, way: ended([], answered) }, others]));
}

/** The CORS filter writes its answers itself, where routes do not get at them. */
function changesOfAnswer({ by }: Answered, decision: Decision): readonly HeaderChange[] {
  return by === 'CORS preflight' ? [] : responseHeaderChanges(decision);
}

const wrapperType = 'envoy.config.route.v3.FilterConfig';
interface Wrapper {
  readonly config?: Any | null;
  readonly disabled?: boolean;
}

/** Undefined: the filter is switched off here. */
function inputFor(exchange: Exchange, decision: Decision, filter: HttpFilter, index: number): FilterInput | undefined {
  const levels = levelsOf(decision).flatMap((level) => level.typed_per_filter_config?.[filter.name ?? ''] ?? []);
  const [closest] = levels;
  const wrapper = messageOf<Wrapper>(closest, wrapperType);
  if (wrapper?.disabled === true || (filter.disabled === true && closest === undefined)) return undefined;
  const allPerRoute = levels.map((any) => messageOf<Wrapper>(any, wrapperType)?.config ?? any).filter((any) => typeOf(any) !== wrapperType);
  return {
    exchange,
    decision,
    filter,
    config: filter.typed_config ?? undefined,
    perRoute: allPerRoute[0],
    allPerRoute,
    at: partOf(exchange.managerAt, ['typed_config', 'http_filters', index]),
  };
}

interface Level {
  readonly typed_per_filter_config?: Readonly<Record<string, Any>>;
}

/** Where settings for a filter may stand, the closest first. */
function levelsOf(decision: Decision): readonly Level[] {
  const { table, host } = decision;
  const route = decision.kind === 'route' ? [decision.weighted, decision.compiled.route] : [];
  return [...route, host, table].filter((level) => level !== undefined) as readonly Level[];
}

/** A type that this program does not know stands in a TypedStruct under its name. */
function innerType(any: Any | undefined): string {
  const url = (any as { readonly type_url?: string } | undefined)?.type_url ?? '';
  return url.slice(url.lastIndexOf('/') + 1);
}
