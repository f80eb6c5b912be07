import type { Context } from '../engine.ts';
import type { Closed } from '../outcome.ts';
import type { SimulatedRequest } from '../request.ts';
import type { Simulation } from '../simulation.ts';
import type { Step } from '../step.ts';
import { ended, onwards } from '../steps.ts';
import { throughTls } from './downstream-tls.ts';
import { inspect } from './inspectors.ts';
import { pickFilterChain } from './pick-filter-chain.ts';
import { pickListener } from './pick-listener.ts';
import { throughChain } from './through-chain.ts';

/** From the socket to the filter chain, and on. */
export function throughListener(context: Context, request: SimulatedRequest): Simulation {
  const { listener, step, isRestored } = pickListener(context, request);
  if (listener === undefined) return closed([step], 'no listener');
  const { connection, step: inspection } = inspect(listener, request);
  const picked = pickFilterChain(context, listener, connection);
  const steps = [step, inspection, picked.step];
  if (picked.chain === undefined) return closed(steps, 'no filter chain');
  if (picked.isAmbiguous) return closed(steps, 'several filter chains');
  const tls = throughTls(picked.chain, request, picked.at);
  if (tls.refused !== undefined) return closed([...steps, ...tls.steps], tls.refused);
  if (tls.doubt !== undefined) return ended([...steps, ...tls.steps], { kind: 'unknown', because: tls.doubt.doubt, at: picked.at });
  return onwards([...steps, ...tls.steps], throughChain(context, picked.chain, { request, tls, chainAt: picked.at, isRestored }));
}

function closed(steps: readonly Step[], because: Closed['because']): Simulation {
  const at = steps.at(-1)?.at;
  return ended(steps, { kind: 'closed', because, ...(at && { at }) });
}
