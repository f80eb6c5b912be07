import type { Clock } from '../lib/clock.ts';
import type { ChangeWave } from './change-wave.ts';
import { PushSchedule } from './push-schedule.ts';

/** What a push brings up to date: everything, or only what waits for no other change (`ResourceType.overtakes`). */
export type PushScope = 'all' | 'overtaking';

/** Whatever can be brought up to date. */
export interface Pushable {
  push(scope: PushScope, wave: ChangeWave): void;
}

export interface PushQueueOptions {
  readonly clock: Clock;
  readonly defer: (callback: () => void) => void;
  readonly afterMs: number;
  readonly maxMs: number;
  /** A push begins, of changes that the first of happened then. */
  readonly begin: (scope: PushScope, sinceMs: number) => ChangeWave;
}

/**
 * After this long the event loop gets a turn, so that requests and acknowledgements do not wait for a whole round. Long enough for
 * some hundred small responses: acknowledgements in between would be what the last proxy waits for.
 */
const sliceMs = 25;
/** A storm of what overtakes is coalesced for no longer than this: a tenth of a second of calls to an endpoint that is gone. */
const maxOvertakingMs = 100;

interface Lane {
  readonly scope: PushScope;
  readonly schedule: PushSchedule;
  /** Streams that wait for the schedule. */
  readonly waiting: Set<Pushable>;
  /** Streams whose turn it is. */
  readonly due: Set<Pushable>;
  beganMs: number;
  /** Of the oldest change that waits. */
  sinceMs: number | undefined;
  wave: ChangeWave | undefined;
}

/**
 * The streams that a change concerns, each once, pushed when the schedule says so. There are two schedules: a storm of one
 * kind of changes does not delay the other kind.
 */
export class PushQueue {
  private readonly options: PushQueueOptions;
  private readonly overtaking: Lane;
  private readonly all: Lane;
  private isRunning = false;

  constructor(options: PushQueueOptions) {
    this.options = options;
    this.overtaking = this.lane('overtaking', Math.min(options.maxMs, maxOvertakingMs));
    this.all = this.lane('all', options.maxMs);
  }

  add(stream: Pushable, scope: PushScope = 'all'): void {
    const lane = scope === 'all' ? this.all : this.overtaking;
    lane.waiting.add(stream);
    lane.sinceMs ??= this.options.clock.now();
    lane.schedule.request();
  }

  delete(stream: Pushable): void {
    for (const { waiting, due } of this.lanes()) {
      waiting.delete(stream);
      due.delete(stream);
    }
  }

  get isIdle(): boolean {
    return !this.isRunning && this.lanes().every(({ waiting, schedule }) => waiting.size === 0 && !schedule.isPending);
  }

  close(): void {
    for (const { waiting, due, schedule } of this.lanes()) {
      schedule.close();
      waiting.clear();
      due.clear();
    }
  }

  private lane(scope: PushScope, maxMs: number): Lane {
    const { clock, defer, afterMs } = this.options;
    const lane: Lane = {
      scope,
      waiting: new Set(),
      due: new Set(),
      beganMs: 0,
      sinceMs: undefined,
      wave: undefined,
      schedule: new PushSchedule({ clock, defer, afterMs, maxMs, push: () => this.release(lane) }),
    };
    return lane;
  }

  private lanes(): readonly Lane[] {
    return [this.overtaking, this.all];
  }

  private release(lane: Lane): void {
    const { clock } = this.options;
    const coversMore = lane === this.overtaking && this.all.schedule.isLeading;
    for (const stream of lane.waiting) {
      // pushed in this very turn anyway
      if (!coversMore || !this.all.waiting.has(stream)) lane.due.add(stream);
    }
    lane.waiting.clear();
    lane.beganMs = clock.now();
    lane.wave?.leave();
    lane.wave = this.options.begin(lane.scope, lane.sinceMs ?? lane.beganMs);
    lane.sinceMs = undefined;
    if (this.isRunning) return;
    this.isRunning = true;
    this.slice();
  }

  private slice(): void {
    const { clock, defer } = this.options;
    const endMs = clock.now() + sliceMs;
    for (const lane of this.lanes()) {
      const { wave } = lane;
      if (!wave) continue;
      for (const stream of lane.due) {
        lane.due.delete(stream);
        if (lane === this.all) {
          this.overtaking.waiting.delete(stream);
          this.overtaking.due.delete(stream);
        }
        stream.push(lane.scope, wave);
        if (clock.now() >= endMs && this.isDue) {
          defer(() => this.slice());
          return;
        }
      }
      lane.wave = undefined;
      wave.leave();
      lane.schedule.finished(clock.now() - lane.beganMs);
    }
    this.isRunning = false;
  }

  private get isDue(): boolean {
    return this.overtaking.due.size > 0 || this.all.due.size > 0;
  }
}
