import { Agent } from 'node:http';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import { callHttp } from './http-call.ts';
import type { LoopbackAddress } from './loopback-address.ts';
import type { Sample } from './traffic-window.ts';

export interface TrafficClientOptions {
  readonly to: LoopbackAddress;
  readonly requestsPerSecond: number;
  readonly clock: Clock;
  /** How long samples are kept. */
  readonly keepMs: number;
}

const timeoutMs = 5000;
const tickMs = 10;
/** Where answers take so long that this many are missing, further requests wait: the rate drops, nothing breaks. */
const maxInFlight = 500;

/** The user of the demo mesh: sends requests at a steady rate, whether or not the last one was answered. */
export class TrafficClient {
  /** Over the whole run. */
  okCount = 0;
  private readonly options: TrafficClientOptions;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly inFlight = new Set<Promise<void>>();
  private kept: Sample[] = [];
  private sent = 0;
  private cancel: CancelTimer | undefined;

  constructor(options: TrafficClientOptions) {
    this.options = options;
  }

  /** Oldest first. */
  samples(): readonly Sample[] {
    return this.kept;
  }

  /** Sends one request that is not counted; whether it succeeded. */
  probe(): Promise<boolean> {
    return callHttp({ to: this.options.to, path: '/', agent: this.agent, timeoutMs: 1000 }).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  start(): void {
    const { clock, requestsPerSecond } = this.options;
    const startedAt = clock.now();
    const tick = () => {
      const due = Math.floor(((clock.now() - startedAt) * requestsPerSecond) / 1000);
      // after a pause (a laptop that slept) what was missed is not made up for
      if (due - this.sent > requestsPerSecond) this.sent = due - 1;
      for (; this.sent < due && this.inFlight.size < maxInFlight; this.sent++) this.send(this.sent);
      this.cancel = clock.setTimeout(tick, tickMs);
    };
    tick();
  }

  /** Resolves when every request that was sent is answered. */
  async stop(): Promise<void> {
    this.cancel?.();
    await Promise.all(this.inFlight);
    this.agent.destroy();
  }

  private send(number: number): void {
    const { clock, to } = this.options;
    const sentAt = performance.now();
    const path = number % 10 === 9 ? '/checkin' : '/';
    const record = (isOk: boolean, version: string) => {
      if (isOk) this.okCount++;
      this.kept.push({ at: clock.now(), ms: performance.now() - sentAt, isOk, version });
      this.forget();
    };
    const call = callHttp({ to, path, agent: this.agent, timeoutMs }).then(
      ({ status, headers }) => record(status === 200, String(headers['x-register-version'] ?? '')),
      () => record(false, ''),
    );
    this.inFlight.add(call);
    void call.finally(() => this.inFlight.delete(call));
  }

  private forget(): void {
    const limit = this.options.clock.now() - this.options.keepMs;
    const [first] = this.kept;
    // a second's slack, so that the list is not copied for every request
    if (first !== undefined && first.at < limit - 1000) this.kept = this.kept.filter(({ at }) => at >= limit);
  }
}
