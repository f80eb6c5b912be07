import type { Delivered, Outcome } from '../simulate/outcome.ts';
import type { SimulatedRequest } from '../simulate/request.ts';
import { isBranches, type Simulation } from '../simulate/simulation.ts';
import type { Step } from '../simulate/step.ts';
import { explainStep } from './explain-steps.ts';
import type { End, ExplainedLoser, ExplainedStep, Fork, Hop, Origin, Way } from './explanation.ts';
import { destinationOrigin } from './origins/destination-origin.ts';
import { filterOrigin } from './origins/filter-origin.ts';
import { outcomeSentence } from './outcome-sentence.ts';
import { receiversOf } from './receivers.ts';
import type { ServedProxy } from './served-proxy.ts';

/** What a way is told with. */
export interface WayContext {
  readonly proxy: ServedProxy;
  readonly request: SimulatedRequest;
  /** The proxy beside the receiver of what was delivered, and what it does. */
  readonly follow: (delivered: Delivered) => Hop | undefined;
  /** Candidates that never became a part of the resources. */
  readonly lostBefore: (step: Step) => readonly ExplainedLoser[];
}

/** A simulation in terms of the configuration: every step with the field that decided, every end with its receivers. */
export function explainWay(context: WayContext, { steps, end }: Simulation, rule?: Origin): Way {
  const explained = steps.flatMap((step) => withLosers(explainStep(context.proxy, step), context.lostBefore(step)));
  const taken = explained.findLast(({ stage }) => stage === 'route')?.origin ?? rule;
  const told = explained.map((step) => withFilterOrigin(context.proxy, step, taken));
  if (!isBranches(end)) return { steps: told, end: explainEnd(context, end, steps) };
  const forks = end.map(({ probability, because, way }): Fork => {
    const cluster = way.steps[0]?.stage === 'cluster' ? way.steps[0].chosen : undefined;
    const origin = taken && cluster !== undefined ? destinationOrigin(context.proxy.world, taken, cluster) : undefined;
    return { probability, because, ...(origin && { origin }), way: explainWay(context, way, taken) };
  });
  return { steps: told, end: forks };
}

function withFilterOrigin({ world }: ServedProxy, step: ExplainedStep, rule: Origin | undefined): ExplainedStep {
  const origin = step.stage === 'HTTP filter' && rule ? filterOrigin(world, rule, step.chosen) : undefined;
  return origin ? { ...step, origin } : step;
}

/** They lost against what the last of the steps says; rules are told in their own order. */
function withLosers(steps: readonly ExplainedStep[], more: readonly ExplainedLoser[]): readonly ExplainedStep[] {
  if (more.length === 0) return steps;
  return steps.map((step, index) => (index === steps.length - 1 ? { ...step, losers: inOrder([...step.losers, ...more]) } : step));
}

function inOrder(losers: readonly ExplainedLoser[]): readonly ExplainedLoser[] {
  const [first] = losers;
  const isOfFirst = ({ origin }: ExplainedLoser) => origin?.object.name === first?.origin?.object.name && origin?.path[1] === 'http';
  const own = losers.filter(isOfFirst).sort((a, b) => rankOf(a) - rankOf(b));
  return [...own, ...losers.filter((loser) => !isOfFirst(loser))];
}

const mostMatches = 10_000;

function rankOf({ origin }: ExplainedLoser): number {
  const { path } = origin?.via ?? origin ?? { path: [] };
  return Number(path[2] ?? 0) * mostMatches + Number(path[4] ?? 0);
}

function explainEnd({ proxy, request, follow }: WayContext, outcome: Outcome, steps: readonly Step[]): End {
  const says = outcomeSentence(outcome);
  if (outcome.kind === 'delivered') {
    if (outcome.cluster === 'BlackHoleCluster')
      return { outcome, says: `the connection is closed: ${blocked}`, receivers: [], isBlocked: true };
    const next = follow(outcome);
    const from = { namespace: proxy.subject.namespace, speaksTls: request.tls !== undefined };
    return { outcome, says, receivers: receiversOf(proxy.world, from, outcome), ...(next && { next }) };
  }
  const [first] = steps.filter(({ stage }) => stage === 'cluster');
  if (first?.chosen === 'BlackHoleCluster')
    return { outcome, says: `the connection is closed: ${blocked}`, receivers: [], isBlocked: true };
  if (outcome.kind === 'answered' && steps.some(({ stage, chosen }) => stage === 'virtual host' && chosen === 'block_all'))
    return { outcome, says: `the proxy answers ${outcome.status}: ${blocked}`, receivers: [], isBlocked: true };
  if (!isForLackOfWorkloads(proxy, outcome)) return { outcome, says, receivers: [] };
  const cluster = first?.chosen ?? 'the cluster';
  return { outcome, says: `goes to ${cluster}; ${nobodyKnown}`, receivers: [], guess: cluster };
}

const blocked = 'no registry knows the host, and REGISTRY_ONLY lets nothing else out';
const nobodyKnown = 'these files know no Pod, WorkloadEntry or EndpointSlice, so nobody can say who that is';

/** Without anybody known to run, empty clusters are no finding. */
function isForLackOfWorkloads({ world }: ServedProxy, outcome: Outcome): boolean {
  if (world.knowsWorkloads) return false;
  return (
    (outcome.kind === 'answered' && outcome.by === 'no healthy upstream') ||
    (outcome.kind === 'closed' && outcome.because === 'no healthy upstream')
  );
}
