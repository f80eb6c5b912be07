import { quantile } from '../median.ts';
import { type ScenarioFigure, told } from './scenario.ts';
import type { ChangeSpreader, Spread } from './spread-changes.ts';

/** Begins a disturbance, and returns what ends it. */
export type Disturb = () => Promise<() => Promise<void>>;

export interface Comparison {
  readonly calm: readonly Spread[];
  readonly disturbed: readonly Spread[];
}

const rounds = 3;
const changesPerPhase = 20;
/** Ratios of 99th percentiles below this are noise on any machine. */
const leastNoise = 1.25;

/** Calm and disturbed phases in turn, so that whatever else the machine does meets both. */
export async function calmAndDisturbed(changes: ChangeSpreader, disturb: Disturb): Promise<Comparison> {
  const calm: Spread[] = [];
  const disturbed: Spread[] = [];
  for (let round = 0; round < rounds; round++) {
    calm.push(await changes.spread(changesPerPhase));
    const stop = await disturb();
    disturbed.push(await changes.spread(changesPerPhase));
    await stop();
  }
  calm.push(await changes.spread(changesPerPhase));
  return { calm, disturbed };
}

/**
 * What the others felt: 99th percentiles of all calm and of all disturbed phases. The bound is the noise: how far the calm
 * phases are apart among themselves.
 */
export function othersFelt(who: string, { calm, disturbed }: Comparison): readonly ScenarioFigure[] {
  const calmP99 = p99(calm);
  const disturbedP99 = p99(disturbed);
  const ofPhases = calm.map((phase) => p99([phase]));
  const noise = Math.max(leastNoise, Math.max(...ofPhases) / Math.min(...ofPhases));
  const ratio = disturbedP99 / calmP99;
  const lost = [...calm, ...disturbed].reduce((sum, phase) => sum + phase.lost, 0);
  return [
    told(`${who}: change to ack, p99 calm / disturbed, ms`, `${calmP99.toFixed(0)} / ${disturbedP99.toFixed(0)}`),
    {
      what: `${who}: ratio of these`,
      value: ratio.toFixed(2),
      bound: `noise of the calm phases, ${noise.toFixed(2)}`,
      isMet: ratio <= noise,
    },
    { what: `${who}: changes that did not arrive`, value: String(lost), bound: '0', isMet: lost === 0 },
  ];
}

/** 99th percentile of all latencies of these phases, in milliseconds. */
export function p99(phases: readonly Spread[]): number {
  return quantile(
    phases.flatMap(({ latencies }) => latencies),
    0.99,
  );
}
