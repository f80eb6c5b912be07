import type { ExplainedStep, Way } from '../explanation.ts';
import { possibleEnds } from '../walk-way.ts';

/** What was chosen at a stage, on any of the ways; empty texts where nothing was. */
export function chosenAt(way: Way, stage: ExplainedStep['stage']): readonly string[] {
  return [...new Set(possibleEnds(way).flatMap(({ steps }) => steps.filter((step) => step.stage === stage).map(({ chosen }) => chosen)))];
}

/** Clusters that routes name and that do not exist. */
export function missingClusters(way: Way): readonly string[] {
  const ends = possibleEnds(way).filter(
    ({ end: { outcome } }) =>
      (outcome.kind === 'answered' || outcome.kind === 'closed') &&
      (outcome.kind === 'answered' ? outcome.by : outcome.because) === 'no cluster',
  );
  return [...new Set(ends.flatMap(({ steps }) => steps.findLast(({ stage }) => stage === 'cluster')?.chosen ?? []))];
}

/** The request went to nobody that the mesh knows. */
export function isUnknownHost(way: Way): boolean {
  const hosts = chosenAt(way, 'virtual host');
  return hosts.includes('allow_any') || hosts.includes('block_all') || hosts.includes('allow_any_dynamic_dns') || hosts.includes('');
}
