import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { median } from './median.ts';
import type { ChangeFigures, Figures, StartFigures } from './reference-figures.ts';

const run = promisify(execFile);

/** The folder of the load client; it is no part of this repository. */
const folder = process.env['COXSWAIN_BENCH'] ?? resolve(import.meta.dirname, '../../../shared/bench');

/** One situation to measure. */
export interface Load {
  readonly services: number;
  readonly proxies: number;
  readonly mode: 'delta' | 'sotw';
  /** Kinds of changes, and how many of each. */
  readonly churn: readonly string[];
  readonly changes: number;
}

interface Distribution {
  readonly median: number;
}

interface RunReport {
  readonly connect: {
    readonly ready: number;
    readonly all_ready_ms: number;
    readonly server_cpu_s: number;
    readonly mib_per_proxy: number;
    readonly client_cpu_s: number;
  };
  readonly churn?: readonly {
    readonly kind: string;
    readonly timeouts: number;
    readonly median_ms: Distribution;
    readonly last_ms: Distribution;
    readonly server_cpu_s_per_change: Distribution;
    readonly each: readonly { readonly traffic: Readonly<Record<string, { readonly kib_per_proxy: number }>> }[];
  }[];
  readonly server_idle_cpu_cores: number;
  readonly nacks: number;
  readonly streams_lost_after_ready: number;
  readonly server_mem_end: { readonly hwm_mib: number };
}

export interface Measured extends Figures {
  readonly mibPerProxy: number;
  /** Cores that the server used while nothing happened, for three seconds after the first configuration. */
  readonly idleCores: number;
  readonly clientCpuSeconds: number;
  /** Everything that went wrong: proxies without configuration, refused responses, changes that never arrived. */
  readonly failures: readonly string[];
  /** As the client wrote it. */
  readonly report: RunReport;
}

export interface MeasuredStart extends StartFigures {
  readonly cpuSeconds: number;
  readonly peakMemory: number;
}

/** Plays proxies against a server, and writes the worlds that the server reads. */
export class LoadClient {
  private readonly program: string;

  private constructor(program: string) {
    this.program = program;
  }

  /** Builds the client into the user's cache. Throws with one sentence where there is none. */
  static async build(): Promise<LoadClient> {
    const source = join(folder, 'adsload');
    if (!existsSync(source)) throw new Error(`no load client at ${source}: set COXSWAIN_BENCH to the folder that holds adsload/`);
    const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'coxswain/bench');
    await mkdir(cache, { recursive: true });
    const program = join(cache, 'adsload');
    await run('go', ['build', '-o', program, '.'], { cwd: source });
    return new LoadClient(program);
  }

  /** Writes a world of so many services afresh; changes are made below `churn` of the same directory. */
  async generate(directory: string, services: number): Promise<void> {
    await rm(directory, { recursive: true, force: true });
    await this.call('gen', '-out', join(directory, 'base'), '-churn-out', join(directory, 'churn'), '-s', `${services}`, '-e', '10');
  }

  async measure(load: Load, server: { readonly address: string; readonly pid: number }, directory: string): Promise<Measured> {
    const output = `${directory}.json`;
    await rm(output, { force: true });
    // V8 tidies up once, five seconds after the last proxy was configured: that is not what a server uses that idles
    const settle = ['-settle', '10s'];
    const common = ['-addr', server.address, '-mode', load.mode, '-n', `${load.proxies}`, '-s', `${load.services}`, '-e', '10'];
    const churn = ['-dir', join(directory, 'churn'), '-churn', load.churn.join(','), '-k', `${load.changes}`, '-interval', '1s'];
    await this.call('run', ...common, '-min-cds', leastClusters(load.services), '-pid', `${server.pid}`, ...settle, ...churn, '-o', output);
    return measuredOf(JSON.parse(await readFile(output, 'utf8')) as RunReport, load);
  }

  /** Starts `command` itself, so that time begins at its exec. */
  async measureStart(services: number, address: string, command: readonly string[]): Promise<MeasuredStart> {
    const world = ['-addr', address, '-s', `${services}`, '-n', '1', '-min-cds', leastClusters(services)];
    const { stdout } = await this.call('startup', ...world, '--', ...command);
    const report = JSON.parse(stdout) as {
      readonly exec_to_first_full_config_ms: number;
      readonly server_cpu_s: number;
      readonly server_mem: { readonly hwm_mib: number };
    };
    return {
      seconds: report.exec_to_first_full_config_ms / 1000,
      cpuSeconds: report.server_cpu_s,
      peakMemory: report.server_mem.hwm_mib,
    };
  }

  private call(...args: readonly string[]) {
    return run(this.program, args, { maxBuffer: 64 << 20 });
  }
}

/** Thousands of bytes that one change sent to each proxy: the median of the changes. */
function kilobytesOf(each: readonly { readonly traffic: Readonly<Record<string, { readonly kib_per_proxy: number }>> }[]): number {
  const sums = each.map(({ traffic }) => Object.values(traffic).reduce((sum, type) => sum + type.kib_per_proxy, 0));
  return median(sums) * 1.024;
}

/** The world has 2.8 clusters for each service; a few less make a proxy count as configured. */
function leastClusters(services: number): string {
  return String(Math.floor(services * 2.8) - 10);
}

function measuredOf(report: RunReport, load: Load): Measured {
  const { connect, churn = [] } = report;
  const changes = churn.map((each): [string, ChangeFigures] => [
    each.kind,
    {
      medianSeconds: each.median_ms.median / 1000,
      lastSeconds: each.last_ms.median / 1000,
      cpuSeconds: each.server_cpu_s_per_change.median,
      kilobytes: kilobytesOf(each.each),
    },
  ]);
  return {
    readySeconds: connect.all_ready_ms / 1000,
    readyCpuSeconds: connect.server_cpu_s,
    peakMemory: report.server_mem_end.hwm_mib,
    changes: Object.fromEntries(changes),
    mibPerProxy: connect.mib_per_proxy,
    idleCores: report.server_idle_cpu_cores,
    clientCpuSeconds: connect.client_cpu_s,
    failures: [
      ...(connect.ready < load.proxies ? [`${load.proxies - connect.ready} proxies were never configured`] : []),
      ...(report.streams_lost_after_ready > 0 ? [`${report.streams_lost_after_ready} streams were lost`] : []),
      ...(report.nacks > 0 ? [`${report.nacks} responses were refused`] : []),
      ...churn.flatMap(({ kind, timeouts }) => (timeouts > 0 ? [`${timeouts} changes (${kind}) never arrived`] : [])),
    ],
    report,
  };
}
