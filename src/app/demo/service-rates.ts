import { cast, type Workload } from './cast.ts';
import { type EnvoyCounters, nothingCounted, type RequestCount } from './envoy-counters.ts';

export interface ServiceRate {
  readonly service: Workload['service'];
  readonly instances: number;
  readonly requestsPerSecond: number;
  /** 0 to 1; 1 where nothing was asked. */
  readonly successShare: number;
}

interface Reading {
  readonly at: number;
  readonly counts: ReadonlyMap<string, RequestCount>;
}

const services = ['gateway', 'frontend', 'register'] as const;

/** Requests per second of every service, out of what its own Envoys count. */
export class ServiceRates {
  private readonly windowMs: number;
  private readings: readonly Reading[] = [];

  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }

  read(at: number, counters: ReadonlyMap<string, EnvoyCounters>): void {
    const counts = new Map(services.map((service) => [service, takenBy(service, counters)]));
    this.readings = [...this.readings.filter((reading) => reading.at >= at - this.windowMs), { at, counts }];
  }

  /** From the client inwards. */
  rates(): readonly ServiceRate[] {
    const first = this.readings[0];
    const last = this.readings.at(-1);
    const seconds = ((last?.at ?? 0) - (first?.at ?? 0)) / 1000;
    return services.map((service) => {
      const ok = growth(first, last, service, 'ok');
      const all = ok + growth(first, last, service, 'failed');
      return {
        service,
        instances: cast.filter((workload) => workload.service === service).length,
        requestsPerSecond: seconds > 0 ? all / seconds : 0,
        successShare: all === 0 ? 1 : ok / all,
      };
    });
  }
}

function takenBy(service: string, counters: ReadonlyMap<string, EnvoyCounters>): RequestCount {
  let ok = 0;
  let failed = 0;
  for (const { name, address, inboundPort } of cast.filter((workload) => workload.service === service)) {
    const counted = counters.get(name)?.listeners.get(`${address}_${inboundPort}`) ?? nothingCounted;
    ok += counted.ok;
    failed += counted.failed;
  }
  return { ok, failed };
}

/** An Envoy that was started again counts from zero: nothing is better than less than nothing. */
function growth(first: Reading | undefined, last: Reading | undefined, service: string, kind: keyof RequestCount): number {
  return Math.max(0, (last?.counts.get(service)?.[kind] ?? 0) - (first?.counts.get(service)?.[kind] ?? 0));
}
