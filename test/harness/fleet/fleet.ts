import type { Pace } from './ads-connection.ts';
import { FleetProxy } from './fleet-proxy.ts';
import { probeCluster, type ServiceWorld } from './service-world.ts';
import { sidecarNode } from './sidecar-node.ts';

export interface FleetOptions {
  /** Of the server. */
  readonly address: string;
  readonly world: Pick<ServiceWorld, 'workload' | 'clusters'>;
  /** Number of the first proxy: fleets of one world do not overlap. */
  readonly first?: number;
}

/** Envoy's own back-off after a stream has ended. */
const backOff = { baseMs: 500, longestMs: 30_000 };

/** Many sidecars of one world. A stream that the server ends is opened anew, as Envoy does. */
export class Fleet {
  /** Streams that the server ended, by gRPC status; -1 where it gave none. */
  readonly ended = new Map<number, number>();
  private readonly options: FleetOptions;
  private readonly members = new Map<number, FleetProxy>();
  /** Numbers of those that lack something: asked for after every response, so that nothing is counted there. */
  private readonly unready = new Set<number>();
  private readonly attempts = new Map<number, number>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private watcher: ((index: number, message: Buffer) => void) | undefined;
  private wake: () => void = () => {};
  private isClosed = false;

  constructor(options: FleetOptions) {
    this.options = options;
  }

  get proxies(): readonly FleetProxy[] {
    return [...this.members.values()];
  }

  get ready(): number {
    return this.members.size - this.unready.size;
  }

  /** Opens so many further connections at once. */
  connect(count: number, pace: Pace = 'full'): void {
    const first = (this.options.first ?? 0) + this.members.size;
    for (let index = first; index < first + count; index++) this.open(index, pace);
  }

  /** Resolves once every proxy has everything it asked for. */
  allReady(): Promise<void> {
    return this.until(() => this.members.size > 0 && this.unready.size === 0);
  }

  /** Resolves once the condition holds, which is looked at after every response. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /**
   * Makes a change, and returns after how many milliseconds each proxy held a message with the mark, and had acknowledged it.
   * Proxies that lack it after `withinMs` are left out.
   */
  async spread(change: () => Promise<void>, mark: string, withinMs = 60_000): Promise<readonly number[]> {
    const bytes = Buffer.from(mark);
    const arrivals = new Map<number, number>();
    const startedMs = performance.now();
    const timer = setTimeout(() => this.wake(), withinMs);
    this.watcher = (index, message) => {
      if (!arrivals.has(index) && message.includes(bytes)) arrivals.set(index, performance.now() - startedMs);
    };
    await change();
    await this.until(() => arrivals.size === this.members.size || performance.now() - startedMs >= withinMs);
    clearTimeout(timer);
    this.watcher = undefined;
    return [...arrivals.values()];
  }

  /** Responses of all proxies so far, of one type or of any. */
  responses(typeUrl?: string): number {
    const counts = this.proxies.flatMap(({ responses }) =>
      typeUrl === undefined ? [...responses.values()] : [responses.get(typeUrl) ?? 0],
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  close(): void {
    this.isClosed = true;
    for (const timer of this.timers) clearTimeout(timer);
    for (const proxy of this.members.values()) proxy.close();
    this.members.clear();
    this.wake();
  }

  private open(index: number, pace: Pace): void {
    const { address, world } = this.options;
    const proxy = new FleetProxy({
      address,
      node: sidecarNode(index, world.workload(index)),
      clusters: world.clusters,
      pace,
      keptEndpoints: probeCluster,
      onResponse: (_, message) => {
        this.watcher?.(index, message);
        this.wake();
      },
      onReady: () => {
        this.attempts.delete(index);
        this.unready.delete(index);
      },
      onEnd: (_, status = -1) => {
        this.ended.set(status, (this.ended.get(status) ?? 0) + 1);
        this.reopen(index, pace);
      },
    });
    this.members.set(index, proxy);
    this.unready.add(index);
  }

  private reopen(index: number, pace: Pace): void {
    if (this.isClosed) return;
    const attempt = this.attempts.get(index) ?? 0;
    this.attempts.set(index, attempt + 1);
    const delayMs = Math.random() * Math.min(backOff.longestMs, backOff.baseMs * 2 ** attempt);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.open(index, pace);
    }, delayMs);
    this.timers.add(timer);
  }
}
