import { parsePrometheusText, type ScrapedMetric } from '../prometheus-text.ts';
import { CpuShare } from './cpu-share.ts';
import type { WatchedServer } from './watched-server.ts';

const delayName = 'coxswain_event_loop_delay_seconds';

/** One scrape says how long the loop was held up since the one before. */
interface DelayWindow {
  readonly ms: number;
  /** Seconds, as far as the process had a processor meanwhile: what other work on this machine holds up says nothing about it. */
  readonly p99: number;
}

/** The metrics of one control plane, for all who look at them: its delays are told once only, and so they are kept here. */
export class ServerMetrics {
  private readonly get: (path: string) => Promise<Response>;
  private windows: DelayWindow[] = [];
  private scrapedAt = performance.now();
  private readonly share: CpuShare;

  constructor(server: Pick<WatchedServer, 'get' | 'programPid'>) {
    this.share = new CpuShare(server.programPid);
    this.get = (path) => server.get(path);
  }

  async text(): Promise<string> {
    const text = await (await this.get('/metrics')).text();
    const now = performance.now();
    const p99 = parsePrometheusText(text).get(delayName)?.samples.get(`${delayName}{quantile="0.99"}`);
    const share = this.share.sinceLast();
    if (p99 !== undefined) this.windows.push({ ms: now - this.scrapedAt, p99: p99 * share });
    this.scrapedAt = now;
    return text;
  }

  async samples(name: string): Promise<ScrapedMetric['samples']> {
    return parsePrometheusText(await this.text()).get(name)?.samples ?? new Map();
  }

  /** Seconds that the loop was not held up longer than, in 99 % of the time since `forgetDelays`; NaN where nothing was told. */
  delay(): number {
    const sorted = this.windows.toSorted((a, b) => a.p99 - b.p99);
    const allMs = sorted.reduce((sum, { ms }) => sum + ms, 0);
    let passedMs = 0;
    for (const { ms, p99 } of sorted) {
      passedMs += ms;
      if (passedMs >= 0.99 * allMs) return p99;
    }
    return Number.NaN;
  }

  forgetDelays(): void {
    this.windows = [];
  }
}
