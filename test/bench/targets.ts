import { type LoadResult, type StartResult, situationOf } from './bench-results.ts';
import { figure, markdownTable } from './markdown-table.ts';
import { type Figures, istiod } from './reference-figures.ts';

/** A bound on one figure of one situation. */
interface Target {
  /** `S/N/mode`, or `start S`. */
  readonly situation: string;
  readonly what: string;
  readonly bound: number;
  /** Undefined where it was not measured. */
  readonly value: (figures: Figures) => number | undefined;
}

export interface TargetResult {
  readonly situation: string;
  readonly what: string;
  readonly bound: number;
  readonly value: number;
  readonly isMet: boolean;
}

const readyCpu = ({ readyCpuSeconds }: Figures) => readyCpuSeconds;
const memory = ({ peakMemory }: Figures) => peakMemory;
const last = (kind: string) => (figures: Figures) => figures.changes[kind]?.lastSeconds;
const cpu = (kind: string) => (figures: Figures) => figures.changes[kind]?.cpuSeconds;
const kilobytes = (kind: string) => (figures: Figures) => figures.changes[kind]?.kilobytes;

/** What is aimed at with 1 000 services: parts of istiod's figures, and a few absolute ones. */
const targets: readonly Target[] = [
  { situation: '1000/100/delta', what: 'first configuration, CPU s: 1/10 of a cold istiod', bound: 3.6, value: readyCpu },
  { situation: '1000/100/delta', what: 'first configuration, CPU s: 1/2 of a warm istiod', bound: 7.9 / 2, value: readyCpu },
  part('1000/500/delta', 'first configuration, CPU s', 10, readyCpu),
  part('1000/100/delta', 'peak memory, MiB', 4, memory),
  part('1000/500/delta', 'peak memory, MiB', 10, memory),
  ...['1000/100/delta', '1000/500/delta'].flatMap((situation) =>
    [
      ['rds', 'changed route'],
      ['cds', 'new service'],
    ].flatMap(([kind = '', name = '']) => [
      { situation, what: `${name}, kB for each proxy`, bound: 20, value: kilobytes(kind) },
      part(situation, `${name}, CPU s`, 20, cpu(kind)),
      part(situation, `${name}, s to the last proxy`, 20, last(kind)),
    ]),
  ),
  { situation: '1000/500/delta', what: 'changed endpoint, s to the last proxy', bound: 0.06, value: last('eds') },
  part('1000/500/delta', 'changed endpoint, CPU s', 3, cpu('eds')),
  part('1000/100/sotw', 'first configuration, CPU s', 5, readyCpu),
  part('1000/100/sotw', 'changed endpoint, CPU s', 5, cpu('eds')),
  part('1000/100/sotw', 'changed route, CPU s', 5, cpu('rds')),
  part('1000/100/sotw', 'new service, CPU s', 5, cpu('cds')),
];
const startTargets: Readonly<Record<number, number>> = { 1000: 1.5 };

/** The targets of what was measured: one server's results, its rounds already put together. */
export function reachedTargets(loads: readonly LoadResult[], starts: readonly StartResult[]): readonly TargetResult[] {
  const ofLoads = targets.flatMap(({ situation, what, bound, value: read }) => {
    const measured = loads.find((load) => situationOf(load) === situation)?.measured;
    const value = measured === undefined ? undefined : read(measured);
    return value === undefined ? [] : [{ situation, what, bound, value, isMet: value <= bound }];
  });
  const ofStarts = starts.flatMap(({ services, measured: { seconds: value } }) => {
    const bound = startTargets[services];
    if (bound === undefined) return [];
    return [{ situation: `start ${services}`, what: 's from exec to the first configuration', bound, value, isMet: value <= bound }];
  });
  return [...ofLoads, ...ofStarts];
}

export function targetsTable(results: readonly TargetResult[]): string {
  const rows = results.map(({ situation, what, bound, value, isMet }) => [
    situation.replaceAll('/', ' / '),
    what,
    figure(bound),
    figure(value),
    isMet ? 'met' : 'missed',
  ]);
  return markdownTable(['S / N / mode', 'target', 'at most', 'measured', ''], rows);
}

function part(situation: string, what: string, times: number, value: Target['value']): Target {
  const reference = istiod[situation];
  const whole = reference === undefined ? undefined : value(reference);
  if (whole === undefined) throw new Error(`no reference figure for ${situation}: ${what}`);
  return { situation, what: `${what}: 1/${times} of istiod`, bound: whole / times, value };
}
