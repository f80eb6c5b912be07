import type { SimulatedRequest } from '../../simulate/request.ts';
import type { Step } from '../../simulate/step.ts';
import type { Call } from '../call.ts';
import type { ExplainedStep } from '../explanation.ts';
import type { ServedProxy } from '../served-proxy.ts';
import { lostDestinationRules } from './lost-destination-rules.ts';
import { lostVirtualServices } from './lost-virtual-services.ts';
import { skippedRules } from './skipped-rules.ts';

export interface EnrichContext {
  readonly proxy: ServedProxy;
  readonly request: SimulatedRequest;
  readonly call: Call;
}

/** Adds the candidates that were left out before there were resources: objects that lost against others, rules for other clients. */
export function enrichStep(context: EnrichContext, explained: ExplainedStep, step: Step): ExplainedStep {
  switch (step.stage) {
    case 'route':
      return { ...explained, losers: [...explained.losers, ...skippedRules(context, step), ...lostVirtualServices(context, step)] };
    case 'cluster':
      return { ...explained, losers: [...explained.losers, ...lostDestinationRules(context, step)] };
    default:
      return explained;
  }
}
