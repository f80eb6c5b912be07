import type { ExplainedStep, Hop } from '../explanation.ts';

type Stage = ExplainedStep['stage'];

/** Steps that say little to somebody who asks where a request goes. */
const quiet: ReadonlySet<Stage> = new Set(['inspectors', 'network filter', 'HTTP connection manager', 'route table', 'TLS to upstream']);

/** At the receiver everything leads to the application: what is left is who may come in. */
const quietAtServer: ReadonlySet<Stage> = new Set([...quiet, 'listener', 'virtual host', 'route', 'endpoints', 'cluster']);

/** Stages whose other candidates are a part of the answer; those of the rest are told where nothing was taken. */
const contested: ReadonlySet<Stage> = new Set(['route', 'subset', 'traffic policy', 'cluster', 'endpoints']);

/** Whether a step is told without being asked for. */
export function isTold({ stage, chosen, losers, notes }: ExplainedStep, side: Hop['proxy']['side']): boolean {
  if (chosen === '' && !quiet.has(stage)) return true;
  if (stage === 'endpoints' && side !== 'server') return losers.length > 0 || notes.length > 0;
  return !(side === 'server' ? quietAtServer : quiet).has(stage);
}

/** Whether those who lost are told without being asked for. */
export function areLosersTold({ stage, chosen }: ExplainedStep): boolean {
  return chosen === '' || contested.has(stage) || chosen === 'allow_any' || chosen === 'block_all';
}
