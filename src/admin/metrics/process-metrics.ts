import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../lib/clock.ts';
import type { BuildInfo } from '../build-info.ts';

const quantiles = [0.5, 0.99] as const;
const nanosecondsPerSecond = 1e9;
/** Watching the event loop wakes the process each time: at 10 ms, with prom-client's own watch beside ours, that is 0.7 % of a core for ever. */
const watchedEveryMs = 100;
const clientWatchesEveryMs = 1_000;

/** The process itself: version, uptime, memory, CPU, garbage collection and how long its event loop was held up. */
export function addProcessMetrics(registry: Registry, clock: Clock, build: BuildInfo): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: clientWatchesEveryMs });
  const startedMs = clock.now();
  new Gauge({
    name: 'istiod_uptime_seconds',
    help: 'Seconds since this instance started.',
    registers: [registry],
    collect() {
      this.set((clock.now() - startedMs) / 1000);
    },
  });
  new Gauge({ name: 'pilot_info', help: 'Version of this instance.', labelNames: ['version'], registers: [registry] }).set(
    { version: `${build.version}-${build.revision}-${build.status}` },
    1,
  );
  new Gauge({ name: 'istio_build', help: 'Version of a component.', labelNames: ['component', 'tag'], registers: [registry] }).set(
    { component: 'pilot', tag: build.tag },
    1,
  );
  addEventLoopDelay(registry, monitorEventLoopDelay({ resolution: watchedEveryMs }));
}

/** Since the last time that somebody asked; `quantile="1"` is the longest. */
function addEventLoopDelay(registry: Registry, delay: ReturnType<typeof monitorEventLoopDelay>): void {
  delay.enable();
  new Gauge({
    name: 'coxswain_event_loop_delay_seconds',
    help: 'How long the event loop was held up since the last scrape, looked at ten times a second.',
    labelNames: ['quantile'],
    registers: [registry],
    collect() {
      for (const quantile of quantiles) this.set({ quantile }, beyondInterval(delay.percentile(quantile * 100)));
      this.set({ quantile: 1 }, beyondInterval(delay.max));
      delay.reset();
    },
  });
}

/** What is recorded is the time from one look to the next, in nanoseconds: as far as it is longer than it should be. */
function beyondInterval(nanoseconds: number): number {
  return Math.max(0, nanoseconds / nanosecondsPerSecond - watchedEveryMs / 1000);
}
