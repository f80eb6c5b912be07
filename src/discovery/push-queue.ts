import type { Clock } from '../lib/clock.ts';
import type { ChangeWave } from './change-wave.ts';
import { PushSchedule } from './push-schedule.ts';

/** What a push brings up to date: everything, or only what waits for no other change (`ResourceType.overtakes`). */
export type PushScope = 'all' | 'overtaking';

/** Whatever can be brought up to date. */
export interface Pushable {
  /** Connected a short while ago: its turn comes after those that were there. */
  readonly isNewcomer: boolean;
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
/** The same with newcomers: those that were there must not wait long for a turn. */
const newcomersSliceMs = 8;
/** A storm of what overtakes is coalesced for no longer than this: a tenth of a second of calls to an endpoint that is gone. */
const maxOvertakingMs = 100;

interface Lane {
  readonly scope: PushScope;
  readonly isOfNewcomers: boolean;
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
 * The streams that a change concerns, each once, pushed when the schedule says so. Each lane has a schedule of its own: a storm of one
 * kind of changes does not delay the other kind, and pushes to thousands that have just connected do not delay those that were there.
 */
export class PushQueue {
  private readonly options: PushQueueOptions;
  /** In the order of precedence. */
  private readonly lanes: readonly Lane[];
  private isRunning = false;
  /** Whether any stream was ever there for longer: after a start all are newcomers, and nobody waits for them. */
  private knowsOthers = false;

  constructor(options: PushQueueOptions) {
    this.options = options;
    this.lanes = [this.lane('overtaking', false), this.lane('all', false), this.lane('overtaking', true), this.lane('all', true)];
  }

  add(stream: Pushable, scope: PushScope = 'all'): void {
    const { isNewcomer } = stream;
    this.knowsOthers ||= !isNewcomer;
    const lane = this.laneOf(scope, isNewcomer);
    lane.waiting.add(stream);
    lane.sinceMs ??= this.options.clock.now();
    lane.schedule.request();
  }

  delete(stream: Pushable): void {
    for (const { waiting, due } of this.lanes) {
      waiting.delete(stream);
      due.delete(stream);
    }
  }

  get isIdle(): boolean {
    return !this.isRunning && this.lanes.every(({ waiting, schedule }) => waiting.size === 0 && !schedule.isPending);
  }

  close(): void {
    for (const { waiting, due, schedule } of this.lanes) {
      schedule.close();
      waiting.clear();
      due.clear();
    }
  }

  private lane(scope: PushScope, isOfNewcomers: boolean): Lane {
    const { clock, defer, afterMs } = this.options;
    const maxMs = scope === 'all' ? this.options.maxMs : Math.min(this.options.maxMs, maxOvertakingMs);
    const lane: Lane = {
      scope,
      isOfNewcomers,
      waiting: new Set(),
      due: new Set(),
      beganMs: 0,
      sinceMs: undefined,
      wave: undefined,
      schedule: new PushSchedule({ clock, defer, afterMs, maxMs, push: () => this.release(lane) }),
    };
    return lane;
  }

  private laneOf(scope: PushScope, isOfNewcomers: boolean): Lane {
    return this.lanes.find((lane) => lane.scope === scope && lane.isOfNewcomers === isOfNewcomers) as Lane;
  }

  private release(lane: Lane): void {
    const { clock } = this.options;
    const all = this.laneOf('all', lane.isOfNewcomers);
    const coversMore = lane !== all && all.schedule.isLeading;
    for (const stream of lane.waiting) {
      // pushed in this very turn anyway
      if (!coversMore || !all.waiting.has(stream)) lane.due.add(stream);
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
    const beganMs = clock.now();
    for (const lane of this.lanes) {
      const { wave } = lane;
      if (!wave) continue;
      const endMs = beganMs + (lane.isOfNewcomers && this.knowsOthers ? newcomersSliceMs : sliceMs);
      for (const stream of lane.due) {
        lane.due.delete(stream);
        if (lane.scope === 'all') this.cover(stream);
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

  /** What overtakes is part of everything. */
  private cover(stream: Pushable): void {
    for (const { scope, waiting, due } of this.lanes) {
      if (scope === 'all') continue;
      waiting.delete(stream);
      due.delete(stream);
    }
  }

  private get isDue(): boolean {
    return this.lanes.some(({ due }) => due.size > 0);
  }
}
