import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../lib/clock.ts';
import type { BuildInfo } from '../build-info.ts';

const quantiles = [0.5, 0.99] as const;
const nanosecondsPerSecond = 1e9;

/** The process itself: version, uptime, memory, CPU, garbage collection and how long its event loop was held up. */
export function addProcessMetrics(registry: Registry, clock: Clock, build: BuildInfo): void {
  collectDefaultMetrics({ register: registry });
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
  addEventLoopDelay(registry, monitorEventLoopDelay({ resolution: 10 }));
}

/** Since the last time that somebody asked; `quantile="1"` is the longest. */
function addEventLoopDelay(registry: Registry, delay: ReturnType<typeof monitorEventLoopDelay>): void {
  delay.enable();
  new Gauge({
    name: 'coxswain_event_loop_delay_seconds',
    help: 'How late timers ran since the last scrape; with a resolution of 10 ms, so that an idle process shows about 0.01.',
    labelNames: ['quantile'],
    registers: [registry],
    collect() {
      for (const quantile of quantiles) this.set({ quantile }, delay.percentile(quantile * 100) / nanosecondsPerSecond);
      this.set({ quantile: 1 }, delay.max / nanosecondsPerSecond);
      delay.reset();
    },
  });
}
