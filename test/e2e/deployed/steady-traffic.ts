import { expect, vi } from 'vitest';
import { type Call, HttpClient } from '../../harness/http-call.ts';

export interface Served {
  /** 0 where there was no answer. */
  readonly status: number;
  readonly version: string;
  readonly instance: string;
  /** Why there was none, or the body of an answer other than 200. */
  readonly problem: string;
}

/** A client that never stops asking: so many requests a second over kept connections, and every answer noted. */
export class SteadyTraffic {
  readonly served: Served[] = [];
  private readonly client = new HttpClient();
  private readonly call: Call;
  private readonly timer: NodeJS.Timeout;
  private readonly underWay = new Set<Promise<void>>();

  constructor(call: Call, perSecond: number) {
    this.call = call;
    this.timer = setInterval(() => this.ask(), 1000 / perSecond);
  }

  /** Resolves at the first answer with 200. */
  static async untilAnswered(call: Call): Promise<void> {
    const client = new HttpClient();
    await vi.waitFor(async () => expect((await client.call(call)).status).toBe(200), 60_000);
    client.close();
  }

  /** Those that were answered with anything but 200, or not at all. */
  failures(): readonly Served[] {
    return this.served.filter(({ status }) => status !== 200);
  }

  /** Answers by version, of those noted from `from` on. */
  versions(from: number): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { version } of this.served.slice(from)) counts[version] = (counts[version] ?? 0) + 1;
    return counts;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
    this.client.close();
  }

  private ask(): void {
    const asked = this.client
      .call(this.call)
      .then(
        ({ status, headers, body }) => ({
          status,
          version: String(headers['x-register-version'] ?? ''),
          instance: String(headers['x-register-instance'] ?? ''),
          problem: status === 200 ? '' : body,
        }),
        (error: unknown) => ({ status: 0, version: '', instance: '', problem: String(error) }),
      )
      .then((served) => {
        this.served.push(served);
        this.underWay.delete(asked);
      });
    this.underWay.add(asked);
  }
}
