import type { Delivered, Outcome } from '../simulate/outcome.ts';
import type { SimulatedRequest } from '../simulate/request.ts';
import { isBranches, type Simulation } from '../simulate/simulation.ts';
import type { Loser, Step } from '../simulate/step.ts';
import type { End, ExplainedLoser, ExplainedStep, Hop, Way } from './explanation.ts';
import { findOrigin } from './origins/find-origin.ts';
import { outcomeSentence } from './outcome-sentence.ts';
import { receiversOf } from './receivers.ts';
import type { ServedProxy } from './served-proxy.ts';

/** What a way is told with. */
export interface WayContext {
  readonly proxy: ServedProxy;
  readonly request: SimulatedRequest;
  /** The proxy beside the receiver of what was delivered, and what it does. */
  readonly follow: (delivered: Delivered) => Hop | undefined;
  /** What the resources alone do not tell about a step: what never became a part of them. */
  readonly enrich: (explained: ExplainedStep, step: Step) => ExplainedStep;
}

/** A simulation in terms of the configuration: every step with the field that decided, every end with its receivers. */
export function explainWay(context: WayContext, { steps, end }: Simulation): Way {
  const explained = steps.map((step) => context.enrich(explainStep(context.proxy, step), step));
  if (!isBranches(end)) return { steps: explained, end: explainEnd(context, end) };
  return {
    steps: explained,
    end: end.map(({ probability, because, way }) => ({ probability, because, way: explainWay(context, way) })),
  };
}

function explainStep(proxy: ServedProxy, { stage, chosen, why, at, losers, notes }: Step): ExplainedStep {
  const origin = at && findOrigin(proxy, at);
  return { stage, chosen, why, ...(origin && { origin }), losers: losers.map((loser) => explainLoser(proxy, loser)), notes };
}

function explainLoser(proxy: ServedProxy, { name, reason, at }: Loser): ExplainedLoser {
  const origin = findOrigin(proxy, at);
  return { name, reason, ...(origin && { origin }) };
}

function explainEnd({ proxy, follow }: WayContext, outcome: Outcome): End {
  const says = outcomeSentence(outcome);
  if (outcome.kind !== 'delivered') return { outcome, says, receivers: [] };
  const next = follow(outcome);
  return { outcome, says, receivers: receiversOf(proxy.world, proxy.subject.namespace, outcome), ...(next && { next }) };
}
