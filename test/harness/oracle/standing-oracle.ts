import { expect, vi } from 'vitest';
import type { EnvoyProtos } from '../../../src/envoy/protos.ts';
import { envoyState, refusals } from '../envoy-dump.ts';
import type { Call } from '../http-call.ts';
import { type RealEnvoy, startProxy } from '../real-envoy.ts';
import { ServeProcess } from '../serve-process.ts';
import { LiveTraffic } from './live-traffic.ts';
import { OperatorSigns } from './operator-signs.ts';
import { ServerMetrics } from './server-metrics.ts';
import type { WatchedServer } from './watched-server.ts';
import { WatchingProxy } from './watching-proxy.ts';

export interface StandingOracleOptions {
  readonly serve: WatchedServer;
  /** Of that control plane, where others look at them too. */
  readonly metrics?: ServerMetrics;
  readonly protos: EnvoyProtos;
  /** A sidecar in namespace `shop` with an address of its own, and a request through it that must always succeed. */
  readonly envoy: { readonly name: string; readonly address: string; readonly labels: Readonly<Record<string, string>> };
  readonly call: Call;
  /** Resources that exist all the time, by their names. */
  readonly isStable: (name: string) => boolean;
  /** Never to be seen in a log. */
  readonly secrets: readonly string[];
}

const proxies = 50;
const longestDelaySeconds = 0.2;
const mostMemoryBytes = 600e6;
const convergedWithinMs = 30_000;

/**
 * What must hold under every fault (O1 to O7), beside a real Envoy with live traffic and 50 scripted proxies. It looks on from
 * its start; `check` says what it saw since the last check.
 */
export class StandingOracle {
  readonly watchers: readonly WatchingProxy[];
  private readonly options: StandingOracleOptions;
  private readonly envoy: RealEnvoy;
  private readonly traffic: LiveTraffic;
  private readonly metrics: ServerMetrics;
  private readonly signs: OperatorSigns;
  private answeredBefore = 0;

  private constructor(options: StandingOracleOptions, envoy: RealEnvoy) {
    this.options = options;
    this.envoy = envoy;
    this.watchers = Array.from({ length: proxies }, (_, index) => new WatchingProxy(options.serve.xds, index));
    this.traffic = new LiveTraffic(options.call);
    this.metrics = options.metrics ?? new ServerMetrics(options.serve);
    this.signs = new OperatorSigns(options.serve, this.metrics);
  }

  /** Resolves when everybody has everything. */
  static async start(options: StandingOracleOptions): Promise<StandingOracle> {
    const { protos, envoy, serve } = options;
    const real = await startProxy(protos, { ...envoy, type: 'sidecar', namespace: 'shop', xdsAddress: serve.xds });
    await patiently(async () => {
      const { activeListeners, warmingListeners } = await envoyState(real.admin);
      expect(activeListeners.length).toBeGreaterThan(0);
      expect(warmingListeners).toEqual([]);
    });
    const oracle = new StandingOracle(options, real);
    await patiently(() => expect(oracle.watchers.every(({ isReady }) => isReady)).toBe(true));
    await oracle.signs.forget();
    // fifty proxies at once are no part of the fault
    oracle.metrics.forgetDelays();
    return oracle;
  }

  /** Until every scripted proxy holds a cluster, or none does. */
  async allHold(cluster: string, isHeld = true): Promise<void> {
    await patiently(() => expect(this.watchers.filter((watcher) => watcher.holds(cluster)).length).toBe(isHeld ? proxies : 0));
  }

  /** Responses to all scripted proxies so far. */
  get responses(): number {
    return this.watchers.reduce((sum, { responses }) => sum + responses, 0);
  }

  /** O7: an issue or a series of the metrics says so that did not say it at the last check. Waits for it. */
  tells(pattern: RegExp): Promise<void> {
    return this.signs.see(pattern);
  }

  /** O7 if something new says so already: where a test has waited for it by other means. */
  notes(pattern: RegExp): Promise<void> {
    return this.signs.look(pattern);
  }

  /** O7 where nothing is wrong that somebody would have to know, and why. */
  nothingToTell(why: string): void {
    this.signs.excuse(why);
  }

  /** The process was stopped until now: how long its loop stood still says nothing about it. */
  async wasStopped(): Promise<void> {
    await this.metrics.text();
    this.metrics.forgetDelays();
  }

  /** O1 to O3, O6 and O7 of the time since the last check, O4 of all the time. */
  async check(): Promise<void> {
    const { isStable, secrets, serve } = this.options;
    const lost = this.watchers.flatMap(({ losses }) => losses.filter(({ name }) => isStable(name)));
    expect(lost, 'O1: nothing is dropped that exists').toEqual([]);
    const before = this.answeredBefore;
    await patiently(() => expect(this.traffic.answered).toBeGreaterThan(before + 10));
    this.answeredBefore = this.traffic.answered;
    expect(this.traffic.failures, 'O2: no request fails').toEqual([]);
    expect(await refusals(this.envoy.admin), 'O3: Envoy refused nothing').toEqual([]);
    expect(sum(await this.metric('pilot_total_xds_rejects')), 'O3: nobody refused anything').toBe(0);
    expect(sum(await this.metric('process_resident_memory_bytes')), 'O4: memory').toBeLessThan(mostMemoryBytes);
    expect(this.metrics.delay(), 'O4: the loop turns').toBeLessThan(longestDelaySeconds);
    const log = serve.log();
    expect(
      secrets.filter((secret) => log.includes(secret)),
      'O6: no secret in the log',
    ).toEqual([]);
    const { isSettled } = this.signs;
    await this.signs.forget();
    expect(isSettled, 'O7: each test says what tells the operator, or why nothing does').toBe(true);
    expect(
      this.watchers.reduce((count, { ended }) => count + ended, 0),
      `streams stay; the log ends with ${log.slice(-1000)}`,
    ).toBe(0);
  }

  /** O5: everybody has acknowledged what a control plane says that has just started with the same flags. */
  async converged(flags: readonly string[]): Promise<void> {
    const fresh = await ServeProcess.launch(flags);
    const [old] = this.watchers;
    const twin = new WatchingProxy(fresh.xds, 0);
    try {
      await vi.waitFor(
        () => {
          expect(twin.isReady).toBe(true);
          expect(old?.content, 'O5: equal to a computation from scratch').toEqual(twin.content);
        },
        { timeout: convergedWithinMs, interval: 50 },
      );
      await vi.waitFor(async () => expect(await this.unacknowledged(), 'O5: all is acknowledged').toEqual([]), convergedWithinMs);
    } finally {
      twin.close();
      await fresh.stop();
    }
  }

  /** Sum over the samples of a metric of the control plane, or of one series of it. */
  async total(name: string, series?: string): Promise<number> {
    const samples = await this.metric(name);
    return series === undefined ? sum(samples) : (samples.get(series) ?? 0);
  }

  async stop(): Promise<void> {
    await this.traffic.stop();
    for (const watcher of this.watchers) watcher.close();
    await this.envoy.stop();
  }

  private metric(name: string): Promise<ReadonlyMap<string, number>> {
    return this.metrics.samples(name);
  }

  private async unacknowledged(): Promise<readonly string[]> {
    const statuses = (await (await this.options.serve.get('/debug/syncz')).json()) as readonly SyncStatus[];
    return statuses.flatMap(({ proxy, resources }) =>
      Object.entries(resources).flatMap(([type, { sent, acked }]) => (sent === acked ? [] : [`${proxy} ${type}`])),
    );
  }
}

interface SyncStatus {
  readonly proxy: string;
  readonly resources: Readonly<Record<string, { readonly sent?: string; readonly acked?: string }>>;
}

function sum(samples: ReadonlyMap<string, number>): number {
  return samples.values().reduce((total, value) => total + value, 0);
}

/** The machine may be busy. */
export function patiently(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 60_000, interval: 25 });
}
