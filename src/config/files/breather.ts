import type { Clock } from '../../lib/clock.ts';

/** How long work may go on before other work gets its turn. */
const sliceMs = 15;

/** Lets the event loop turn in the middle of long work. */
export class Breather {
  private readonly clock: Clock;
  private started = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Work begins. */
  restart(): void {
    this.started = this.clock.now();
  }

  /** A promise only where the slice of time is used up. */
  breathe(): void | Promise<void> {
    if (this.clock.now() - this.started < sliceMs) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.restart();
        resolve();
      });
    });
  }
}
