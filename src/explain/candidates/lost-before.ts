import type { Step } from '../../simulate/step.ts';
import type { ExplainedLoser } from '../explanation.ts';
import type { ServedProxy } from '../served-proxy.ts';
import { lostDestinationRules } from './lost-destination-rules.ts';
import { lostVirtualServices } from './lost-virtual-services.ts';
import { skippedRules } from './skipped-rules.ts';

/** Candidates that were left out before there were resources: objects that lost against others, rules for other clients. */
export function lostBefore(proxy: ServedProxy, step: Step, requestHost: string): readonly ExplainedLoser[] {
  switch (step.stage) {
    case 'route':
      return [...skippedRules(proxy, step), ...lostVirtualServices(proxy, step, requestHost)];
    case 'cluster':
      return lostDestinationRules(proxy, step);
    default:
      return [];
  }
}
