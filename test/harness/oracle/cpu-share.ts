import { existsSync, readFileSync } from 'node:fs';

/** Of Linux: nanoseconds that this thread ran, and that it waited for a processor although it could have run. */
const file = '/proc/self/schedstat';

interface Times {
  readonly ran: number;
  readonly waited: number;
}

/** How much of the time in which this thread wanted a processor it had one: the rest is other work on this machine. */
export class CpuShare {
  private from: Times = now();

  /** Since the start, or since it was asked to forget; 1 on a machine that does nothing else, or does not say. */
  value(): number {
    const { ran, waited } = now();
    const [own, others] = [ran - this.from.ran, waited - this.from.waited];
    return own > 0 ? own / (own + others) : 1;
  }

  forget(): void {
    this.from = now();
  }
}

function now(): Times {
  const [ran = 0, waited = 0] = existsSync(file) ? readFileSync(file, 'utf8').split(' ').map(Number) : [];
  return { ran, waited };
}
