import type { End, ExplainedStep, Fork, Hop, Way } from './explanation.ts';

/** An end that a request may come to, and how likely. */
export interface PossibleEnd {
  readonly probability: number;
  readonly end: End;
  /** All steps of this proxy that lead there. */
  readonly steps: readonly ExplainedStep[];
}

export function isForks(end: Way['end']): end is readonly Fork[] {
  return Array.isArray(end);
}

/** Every end of the way at one proxy; probabilities add up to 1. */
export function possibleEnds({ steps, end }: Way): readonly PossibleEnd[] {
  if (!isForks(end)) return [{ probability: 1, end, steps }];
  return end.flatMap(({ probability, way }) =>
    possibleEnds(way).map((one) => ({ probability: probability * one.probability, end: one.end, steps: [...steps, ...one.steps] })),
  );
}

/** Every step at this proxy and at those behind it. */
export function allSteps(hop: Hop): readonly ExplainedStep[] {
  const walk = ({ steps, end }: Way): readonly ExplainedStep[] => [
    ...steps,
    ...(isForks(end) ? end.flatMap(({ way }) => walk(way)) : end.next ? allSteps(end.next) : []),
  ];
  return walk(hop.way);
}
