import { expect, vi } from 'vitest';
import type { ServerMetrics } from './server-metrics.ts';
import type { WatchedServer } from './watched-server.ts';

/** What operators are told of faults: lines of the issues and of the metrics that were not there before. */
export class OperatorSigns {
  private readonly serve: WatchedServer;
  private readonly metrics: ServerMetrics;
  private known: ReadonlySet<string> = new Set();
  private settled = false;

  constructor(serve: WatchedServer, metrics: ServerMetrics) {
    this.serve = serve;
    this.metrics = metrics;
  }

  /** Whether a sign was seen, or excused, since the last `forget`. */
  get isSettled(): boolean {
    return this.settled;
  }

  /** Waits until a line matches that was not there at the last `forget`: with another value it is another line. */
  async see(pattern: RegExp): Promise<void> {
    const told = async () => expect(await this.isTold(pattern), `O7: nothing new says ${pattern}`).toBe(true);
    await vi.waitFor(told, { timeout: 60_000, interval: 25 });
    this.settled = true;
  }

  /** The same without waiting, and without a complaint where nothing new says so. */
  async look(pattern: RegExp): Promise<void> {
    this.settled ||= await this.isTold(pattern);
  }

  excuse(why: string): void {
    expect(why).not.toBe('');
    this.settled = true;
  }

  /** What is said now is nothing new from here on. */
  async forget(): Promise<void> {
    this.known = new Set(await this.lines());
    this.settled = false;
  }

  private async isTold(pattern: RegExp): Promise<boolean> {
    return (await this.lines()).some((line) => !this.known.has(line) && pattern.test(line));
  }

  private async lines(): Promise<readonly string[]> {
    const pages = [await (await this.serve.get('/debug/issuesz?text')).text(), await this.metrics.text()];
    return pages.flatMap((page) => page.split('\n'));
  }
}
