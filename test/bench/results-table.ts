import { type LoadResult, type StartResult, situationOf } from './bench-results.ts';
import { figure, figureAgainst, markdownTable } from './markdown-table.ts';
import { type ChangeFigures, type Figures, istiod, istiodStarts, type StartFigures } from './reference-figures.ts';

const head = ['server', 'S / N / mode', 'ready, s', 'CPU, s', 'peak, MiB', 'MiB/proxy', 'idle, cores', 'endpoint', 'route', 'new service'];
const startHead = ['server', 'S', 'exec to first configuration, s', 'CPU, s', 'peak, MiB'];

/** The server that others are measured against, where another was measured. */
export interface Comparison {
  readonly ours: string;
  readonly other?: string;
}

/**
 * Markdown. In brackets: how many times less than the other server in the same situation, or than istiod's known figures where
 * no other was measured. Changes: median / last proxy in seconds; CPU seconds; thousands of bytes for each proxy.
 */
export function resultsTable(loads: readonly LoadResult[], comparison: Comparison): string {
  return markdownTable(
    head,
    loads.map((load) => rowOf(load, referenceOf(load, loads, comparison))),
  );
}

export function startsTable(starts: readonly StartResult[], { ours, other }: Comparison): string {
  const rows = starts.map(({ server, services, measured }) => {
    const otherOne = starts.find((start) => start.server === other && start.services === services)?.measured;
    const reference: StartFigures | undefined = server !== ours ? undefined : other === undefined ? istiodStarts[services] : otherOne;
    return [
      server,
      `${services}`,
      figureAgainst(measured.seconds, reference?.seconds),
      figureAgainst(measured.cpuSeconds, otherCpu(reference)),
      figure(measured.peakMemory),
    ];
  });
  return markdownTable(startHead, rows);
}

function otherCpu(reference: (StartFigures & { readonly cpuSeconds?: number }) | undefined): number | undefined {
  return reference?.cpuSeconds;
}

function referenceOf(load: LoadResult, loads: readonly LoadResult[], { ours, other }: Comparison): Figures | undefined {
  if (load.server !== ours) return undefined;
  if (other === undefined) return istiod[situationOf(load)];
  return loads.find((each) => each.server === other && situationOf(each) === situationOf(load))?.measured;
}

function rowOf({ server, services, proxies, mode, measured }: LoadResult, reference: Figures | undefined): readonly string[] {
  return [
    server,
    `${services} / ${proxies} / ${mode}`,
    figureAgainst(measured.readySeconds, reference?.readySeconds),
    figureAgainst(measured.readyCpuSeconds, reference?.readyCpuSeconds),
    figureAgainst(measured.peakMemory, reference?.peakMemory),
    figure(measured.mibPerProxy),
    String(measured.idleCores),
    ...['eds', 'rds', 'cds'].map((kind) => changeText(measured.changes[kind], reference?.changes[kind])),
  ];
}

function changeText(measured: ChangeFigures | undefined, reference: ChangeFigures | undefined): string {
  if (measured === undefined) return '';
  const middle = figureAgainst(measured.medianSeconds, reference?.medianSeconds);
  const last = figureAgainst(measured.lastSeconds, reference?.lastSeconds);
  const cpu = figureAgainst(measured.cpuSeconds, reference?.cpuSeconds);
  return `${middle} / ${last}; ${cpu}; ${figureAgainst(measured.kilobytes ?? 0, reference?.kilobytes)}`;
}
