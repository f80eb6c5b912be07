import type { Delivered, Outcome } from '../simulate/outcome.ts';
import { isBranches, type Simulation } from '../simulate/simulation.ts';
import type { Step } from '../simulate/step.ts';
import { explainStep } from './explain-steps.ts';
import type { End, ExplainedLoser, ExplainedStep, Hop, Way } from './explanation.ts';
import { outcomeSentence } from './outcome-sentence.ts';
import { receiversOf } from './receivers.ts';
import type { ServedProxy } from './served-proxy.ts';

/** What a way is told with. */
export interface WayContext {
  readonly proxy: ServedProxy;
  /** The proxy beside the receiver of what was delivered, and what it does. */
  readonly follow: (delivered: Delivered) => Hop | undefined;
  /** Candidates that never became a part of the resources. */
  readonly lostBefore: (step: Step) => readonly ExplainedLoser[];
}

/** A simulation in terms of the configuration: every step with the field that decided, every end with its receivers. */
export function explainWay(context: WayContext, { steps, end }: Simulation): Way {
  const explained = steps.flatMap((step) => withLosers(explainStep(context.proxy, step), context.lostBefore(step)));
  if (!isBranches(end)) return { steps: explained, end: explainEnd(context, end, steps) };
  return {
    steps: explained,
    end: end.map(({ probability, because, way }) => ({ probability, because, way: explainWay(context, way) })),
  };
}

/** They lost against what the last of the steps says. */
function withLosers(steps: readonly ExplainedStep[], more: readonly ExplainedLoser[]): readonly ExplainedStep[] {
  return steps.map((step, index) =>
    index === steps.length - 1 && more.length > 0 ? { ...step, losers: [...step.losers, ...more] } : step,
  );
}

function explainEnd({ proxy, follow }: WayContext, outcome: Outcome, steps: readonly Step[]): End {
  if (outcome.kind === 'delivered') {
    const next = follow(outcome);
    return {
      outcome,
      says: outcomeSentence(outcome),
      receivers: receiversOf(proxy.world, proxy.subject.namespace, outcome),
      ...(next && { next }),
    };
  }
  if (!isForLackOfWorkloads(proxy, outcome)) return { outcome, says: outcomeSentence(outcome), receivers: [] };
  const cluster = steps.find(({ stage }) => stage === 'cluster')?.chosen ?? 'the cluster';
  const says = `goes to ${cluster}; these files know no Pod, WorkloadEntry or EndpointSlice, so nobody can say who that is`;
  return { outcome, says, receivers: [], guess: cluster };
}

/** Without anybody known to run, empty clusters are no finding. */
function isForLackOfWorkloads({ world }: ServedProxy, outcome: Outcome): boolean {
  if (world.knowsWorkloads) return false;
  return (
    (outcome.kind === 'answered' && outcome.by === 'no healthy upstream') ||
    (outcome.kind === 'closed' && outcome.because === 'no healthy upstream')
  );
}
