import type { Measured, MeasuredStart } from './load-client.ts';
import { type ChangeFigures, istiod, istiodStarts } from './reference-figures.ts';

export interface LoadResult {
  readonly server: string;
  readonly services: number;
  readonly proxies: number;
  readonly mode: string;
  readonly measured: Measured;
}

export interface StartResult {
  readonly server: string;
  readonly services: number;
  readonly measured: MeasuredStart;
}

const header = ['server', 'S / N / mode', 'ready, s', 'CPU, s', 'peak, MiB', 'MiB/proxy', 'endpoint', 'route', 'new service'];

/** Markdown. In brackets: how many times less than istiod (`reference-figures.ts`); changes: median / last proxy in seconds, CPU seconds. */
export function resultsTable(loads: readonly LoadResult[]): string {
  return markdown(header, loads.map(rowOf));
}

export function startsTable(starts: readonly StartResult[]): string {
  const rows = starts.map(({ server, services, measured }) => [
    server,
    `${services}`,
    against(measured.seconds, istiodStarts[services]?.seconds),
    figure(measured.cpuSeconds),
    figure(measured.peakMemory),
  ]);
  return markdown(['server', 'S', 'exec to first configuration, s', 'CPU, s', 'peak, MiB'], rows);
}

function rowOf({ server, services, proxies, mode, measured }: LoadResult): readonly string[] {
  const situation = `${services} / ${proxies} / ${mode}`;
  const reference = istiod[`${services}/${proxies}/${mode}`];
  return [
    server,
    situation,
    against(measured.readySeconds, reference?.readySeconds),
    against(measured.readyCpuSeconds, reference?.readyCpuSeconds),
    against(measured.peakMemory, reference?.peakMemory),
    figure(measured.mibPerProxy),
    ...['eds', 'rds', 'cds'].map((kind) => changeText(measured.changes[kind], reference?.changes[kind])),
  ];
}

function changeText(measured: ChangeFigures | undefined, reference: ChangeFigures | undefined): string {
  if (measured === undefined) return '';
  const latency = against(measured.medianSeconds, reference?.medianSeconds);
  return `${latency} / ${figure(measured.lastSeconds)}, ${against(measured.cpuSeconds, reference?.cpuSeconds)}`;
}

function against(value: number, reference: number | undefined): string {
  return reference === undefined || value === 0 ? figure(value) : `${figure(value)} (${figure(reference / value)}x)`;
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
