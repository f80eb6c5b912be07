import type { Context } from '../engine.ts';
import type { Closed } from '../outcome.ts';
import type { SimulatedRequest } from '../request.ts';
import type { Simulation } from '../simulation.ts';
import type { Step } from '../step.ts';
import { ended } from '../steps.ts';
import { inspect } from './inspectors.ts';
import { pickFilterChain } from './pick-filter-chain.ts';
import { pickListener } from './pick-listener.ts';

/** From the socket to the filter chain, and on. */
export function throughListener(context: Context, request: SimulatedRequest): Simulation {
  const { listener, step } = pickListener(context, request);
  if (listener === undefined) return closed([step], 'no listener');
  const { connection, step: inspection } = inspect(listener, request);
  const picked = pickFilterChain(context, listener, connection);
  const steps = [step, inspection, picked.step];
  if (picked.chain === undefined) return closed(steps, 'no filter chain');
  if (picked.isAmbiguous) return closed(steps, 'several filter chains');
  return ended(steps, { kind: 'unknown', because: 'filters are not evaluated yet', at: picked.at });
}

function closed(steps: readonly Step[], because: Closed['because']): Simulation {
  const at = steps.at(-1)?.at;
  return ended(steps, { kind: 'closed', because, ...(at && { at }) });
}
