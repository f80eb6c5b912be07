import { readFileSync } from 'node:fs';

interface Times {
  readonly ran: number;
  readonly waited: number;
}

/** How much of the time in which the main thread of a process wanted a processor it had one: the rest is other work on this machine. */
export class CpuShare {
  private readonly pid: number | undefined;
  private from: Times;

  /** Of nobody where no process is given: its share is 1. */
  constructor(pid: number | undefined) {
    this.pid = pid;
    this.from = this.times();
  }

  /** Since the last time that somebody asked; 1 on a machine that does nothing else, or does not say. */
  sinceLast(): number {
    const { ran, waited } = this.times();
    const [own, others] = [ran - this.from.ran, waited - this.from.waited];
    this.from = { ran, waited };
    return own > 0 ? own / (own + others) : 1;
  }

  /** Linux says for a thread how many nanoseconds it ran, and how many it waited although it could have run. */
  private times(): Times {
    try {
      const [ran = 0, waited = 0] = readFileSync(`/proc/${this.pid}/task/${this.pid}/schedstat`, 'utf8').split(' ').map(Number);
      return { ran, waited };
    } catch {
      return { ran: 0, waited: 0 };
    }
  }
}
