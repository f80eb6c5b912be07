import type { Outcome } from './outcome.ts';
import type { Branch, Simulation } from './simulation.ts';
import type { Step } from './step.ts';

/** A step of which only what matters is said. */
export function stepOf(step: Pick<Step, 'stage' | 'chosen' | 'why'> & Partial<Step>): Step {
  return { losers: [], notes: [], ...step };
}

/** Steps, and what follows them. */
export function onwards(steps: readonly Step[], rest: Simulation): Simulation {
  return steps.length === 0 ? rest : { steps: [...steps, ...rest.steps], end: rest.end };
}

export function ended(steps: readonly Step[], outcome: Outcome): Simulation {
  return { steps, end: outcome };
}

/** Ways by chance; one that is certain is no branch, one that never happens is left out. */
export function branched(branches: readonly Branch[]): Simulation {
  const possible = branches.filter(({ probability }) => probability > 0);
  const [only] = possible;
  return only !== undefined && possible.length === 1 ? only.way : { steps: [], end: possible };
}
