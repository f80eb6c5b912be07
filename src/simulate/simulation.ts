import type { Outcome } from './outcome.ts';
import type { Step } from './step.ts';

/**
 * The way of one request: what was decided for certain, and then either how it ends or, where chance decides (weights, fractions,
 * percentages of faults), the ways that it may go on.
 */
export interface Simulation {
  readonly steps: readonly Step[];
  readonly end: Outcome | readonly Branch[];
}

export interface Branch {
  /** 0 to 1, of what gets here; branches add up to 1. */
  readonly probability: number;
  /** Whose chance it is: `weight 20 of 100`. */
  readonly because: string;
  readonly way: Simulation;
}

export interface PossibleOutcome {
  readonly probability: number;
  readonly outcome: Outcome;
  /** All the steps that lead there. */
  readonly steps: readonly Step[];
}

/** Every end that a request may have; probabilities add up to 1. */
export function possibleOutcomes({ steps, end }: Simulation): readonly PossibleOutcome[] {
  if (!isBranches(end)) return [{ probability: 1, outcome: end, steps }];
  return end.flatMap(({ probability, way }) =>
    possibleOutcomes(way).map((one) => ({
      probability: probability * one.probability,
      outcome: one.outcome,
      steps: [...steps, ...one.steps],
    })),
  );
}

export function isBranches(end: Simulation['end']): end is readonly Branch[] {
  return Array.isArray(end);
}
