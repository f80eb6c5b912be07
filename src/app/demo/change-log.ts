import type { ConfigSink, ConfigSource, ConfigUpdate } from '../../config/config-source.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Position } from '../../model/issue.ts';
import { formatRef, type ObjectRef } from '../../model/object-ref.ts';

/** The last edit of the configuration that was taken over. */
export interface ConfigChange {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Changed objects, `kind/namespace/name`. */
  readonly objects: readonly string[];
  readonly file: string | undefined;
  /** From the change until the last proxy so far had answered; undefined while none had to. */
  readonly ackedMs: number | undefined;
  readonly acks: number;
}

/** Notes what a source hands to the ConfigController, and how long the proxies take to answer. */
export class ChangeLog {
  last: ConfigChange | undefined;
  private readonly clock: Clock;
  private isOpen = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** From here on what is applied is an edit; before it is the first reading. */
  open(): void {
    this.isOpen = true;
  }

  /** The same source, overheard. */
  around(source: ConfigSource): ConfigSource {
    return {
      name: source.name,
      start: (sink, signal) =>
        source.start(
          this.overheard(sink, (ref) => source.positionOf(ref, [])),
          signal,
        ),
      hasSynced: () => source.hasSynced(),
      positionOf: (object, path) => source.positionOf(object, path),
      lineAt: (position) => source.lineAt?.(position),
    };
  }

  /** A proxy has answered everything that a change `ms` ago led to. */
  converged(ms: number): void {
    const { last } = this;
    // what was under way before the edit is not counted for it; the millisecond is for rounding
    if (!last || ms > this.clock.now() - last.at + 1) return;
    this.last = { ...last, ackedMs: Math.max(ms, last.ackedMs ?? 0), acks: last.acks + 1 };
  }

  private overheard(sink: ConfigSink, positionOf: (ref: ObjectRef) => Position | undefined): ConfigSink {
    return {
      apply: (update: ConfigUpdate) => {
        const refs = (update.objects ?? []).map(({ ref }) => ref);
        const [first] = refs;
        if (this.isOpen && first) {
          this.last = { at: this.clock.now(), objects: refs.map(formatRef), file: positionOf(first)?.file, ackedMs: undefined, acks: 0 };
        }
        sink.apply(update);
      },
    };
  }
}
