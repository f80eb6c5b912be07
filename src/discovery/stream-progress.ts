import type { Clock } from '../lib/clock.ts';
import type { ChangeWave } from './change-wave.ts';
import type { DiscoveryMetrics } from './discovery-metrics.ts';
import { isConverged, type Watches } from './push-order.ts';
import type { PushScope } from './push-queue.ts';

export interface StreamProgressOptions {
  readonly clock: Clock;
  readonly metrics: Pick<DiscoveryMetrics, 'queued' | 'converged'>;
}

/** How far a stream is behind what has changed, for metrics. */
export class StreamProgress {
  private readonly options: StreamProgressOptions;
  /** Since when what a push of that scope would bring has been waiting. */
  private readonly staleSinceMs = new Map<PushScope, number>();
  private unconvergedSinceMs: number | undefined;
  /** The change that the stream is being brought up to. */
  private wave: ChangeWave | undefined;

  constructor(options: StreamProgressOptions) {
    this.options = options;
  }

  /** Something has changed that no push has begun with. */
  get isStale(): boolean {
    return this.staleSinceMs.size > 0;
  }

  /** Something has changed that a push of that scope brings. */
  stale(scope: PushScope): void {
    if (!this.staleSinceMs.has(scope)) this.staleSinceMs.set(scope, this.options.clock.now());
  }

  /** A push begins. */
  begun(scope: PushScope, wave: ChangeWave): void {
    this.join(wave);
    this.noteBegun(scope);
    if (scope === 'all') this.noteBegun('overtaking');
  }

  /** The client has answered a response of that type. */
  answered(type: string): void {
    this.wave?.answered(type, this.options.clock.now());
  }

  /** Notes where all is answered. */
  look(watches: Watches): void {
    if (this.unconvergedSinceMs === undefined || !isConverged(watches)) return;
    this.options.metrics.converged(this.options.clock.now() - this.unconvergedSinceMs);
    this.unconvergedSinceMs = undefined;
    this.join(undefined);
  }

  end(): void {
    this.join(undefined);
  }

  private join(wave: ChangeWave | undefined): void {
    wave?.join();
    this.wave?.leave();
    this.wave = wave;
  }

  private noteBegun(scope: PushScope): void {
    const sinceMs = this.staleSinceMs.get(scope);
    if (sinceMs === undefined) return;
    this.staleSinceMs.delete(scope);
    this.options.metrics.queued(this.options.clock.now() - sinceMs);
    this.unconvergedSinceMs = Math.min(this.unconvergedSinceMs ?? sinceMs, sinceMs);
  }
}
