import type { Measured, MeasuredStart } from './load-client.ts';
import { median } from './median.ts';

/** One server in one situation, once. */
export interface LoadResult {
  readonly server: string;
  readonly services: number;
  readonly proxies: number;
  readonly mode: string;
  readonly measured: Measured;
}

/** One server from exec to the first proxy's configuration, once. */
export interface StartResult {
  readonly server: string;
  readonly services: number;
  readonly measured: MeasuredStart;
}

/** `1000/100/delta`: what the reference figures are found by. */
export function situationOf({ services, proxies, mode }: Pick<LoadResult, 'services' | 'proxies' | 'mode'>): string {
  return `${services}/${proxies}/${mode}`;
}

/** One result for each server and situation: the medians of its rounds. */
export function loadMedians(results: readonly LoadResult[]): readonly LoadResult[] {
  return groups(results, (result) => `${situationOf(result)} ${result.server}`).map((rounds) => ({
    ...rounds[0],
    measured: medianOf(rounds.map(({ measured }) => measured)),
  }));
}

export function startMedians(results: readonly StartResult[]): readonly StartResult[] {
  return groups(results, ({ services, server }) => `${services} ${server}`).map((rounds) => ({
    ...rounds[0],
    measured: {
      seconds: median(rounds.map(({ measured }) => measured.seconds)),
      cpuSeconds: median(rounds.map(({ measured }) => measured.cpuSeconds)),
      peakMemory: median(rounds.map(({ measured }) => measured.peakMemory)),
    },
  }));
}

type Rounds<T> = readonly [T, ...T[]];

function groups<T>(items: readonly T[], keyOf: (item: T) => string): readonly Rounds<T>[] {
  const byKey = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const known = byKey.get(keyOf(item));
    if (known) known.push(item);
    else byKey.set(keyOf(item), [item]);
  }
  return [...byKey.values()];
}

function medianOf(rounds: readonly Measured[]): Measured {
  const [first] = rounds as Rounds<Measured>;
  const middle = (value: (round: Measured) => number) => median(rounds.map(value));
  const changes = Object.keys(first.changes).map((kind) => {
    const of = (value: 'medianSeconds' | 'lastSeconds' | 'cpuSeconds' | 'kilobytes') =>
      middle(({ changes: all }) => all[kind]?.[value] ?? 0);
    const figures = {
      medianSeconds: of('medianSeconds'),
      lastSeconds: of('lastSeconds'),
      cpuSeconds: of('cpuSeconds'),
      kilobytes: of('kilobytes'),
    };
    return [kind, figures] as const;
  });
  return {
    ...first,
    readySeconds: middle((round) => round.readySeconds),
    readyCpuSeconds: middle((round) => round.readyCpuSeconds),
    peakMemory: middle((round) => round.peakMemory),
    mibPerProxy: middle((round) => round.mibPerProxy),
    idleCores: middle((round) => round.idleCores),
    changes: Object.fromEntries(changes),
    failures: rounds.flatMap(({ failures }) => failures),
  };
}
