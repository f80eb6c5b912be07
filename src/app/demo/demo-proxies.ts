import type { AdminClient } from '../../agent/admin-client.ts';
import { type RunProxyServices, runProxy } from '../../agent/proxy-command.ts';
import { cast, namespace, type Workload } from './cast.ts';
import { countersFilter, type EnvoyCounters, envoyCounters } from './envoy-counters.ts';

export interface DemoProxiesOptions {
  readonly envoyPath: string;
  readonly xdsAddress: string;
  readonly services: Pick<RunProxyServices, 'protos' | 'log' | 'clock' | 'random' | 'env'>;
}

/** Nobody but the demo's own client is connected when the proxies end. */
const drainMs = 500;

/** One real Envoy beside every workload of the cast, and what each of them counts. */
export class DemoProxies {
  private readonly options: DemoProxiesOptions;
  private readonly admins = new Map<string, AdminClient>();
  private readonly counted = new Map<string, EnvoyCounters>();

  constructor(options: DemoProxiesOptions) {
    this.options = options;
  }

  /** Runs until the signal; resolves when every Envoy is gone, rejects as soon as one cannot be run. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(cast.map((workload) => this.runOne(workload, signal)));
  }

  /** Names of the workloads whose Envoy answers. */
  running(): ReadonlySet<string> {
    return new Set(this.admins.keys());
  }

  /** As of the last `read`, by the name of the workload. */
  counters(): ReadonlyMap<string, EnvoyCounters> {
    return this.counted;
  }

  /** Asks every Envoy what it has counted; one that does not answer keeps its last numbers. */
  async read(): Promise<void> {
    const readings = [...this.admins].map(async ([name, admin]) => {
      const stats = await admin.stats(countersFilter).catch(() => undefined);
      if (stats) this.counted.set(name, envoyCounters(stats));
    });
    await Promise.all(readings);
  }

  private async runOne({ name, role, address, labels, service }: Workload, signal: AbortSignal): Promise<void> {
    const { envoyPath, xdsAddress, services } = this.options;
    const options = {
      name,
      namespace,
      address,
      xdsAddress,
      labels,
      type: role,
      serviceAccount: service,
      workloadName: service,
      adminPort: 0,
      envoy: envoyPath,
      concurrency: 1,
      logLevel: 'off',
      drainMs,
    } as const;
    await runProxy(options, { ...services, signal, onAdmin: (admin) => this.admins.set(name, admin) });
  }
}
