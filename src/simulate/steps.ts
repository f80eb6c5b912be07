import type { Outcome } from './outcome.ts';
import type { Simulation } from './simulation.ts';
import type { Step } from './step.ts';

/** A step of which only what matters is said. */
export function stepOf(step: Pick<Step, 'stage' | 'chosen' | 'why'> & Partial<Step>): Step {
  return { losers: [], notes: [], ...step };
}

export function ended(steps: readonly Step[], outcome: Outcome): Simulation {
  return { steps, end: outcome };
}
