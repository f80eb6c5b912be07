import { Worker } from 'node:worker_threads';
import type { Clock } from '../lib/clock.ts';
import { JobThread } from '../lib/job-thread.ts';
import { PatchValues } from './patch-values.ts';
import { type Verdict, validateReview } from './validate-review.ts';

/** Bodies up to this size are judged at once: a thread would take longer than they do, which is 20 ms for the worst that is known. */
const maxQuickBytes = 16 * 1024;
/** How long a body may take in the thread; the API server waits for 10 s. */
const patienceMs = 4000;
const maxWaitMs = 6000;
/** Bodies that wait for the thread. */
const maxWaiting = 32;

/**
 * Judges bodies without ever holding up the event loop: small ones at once, others in a thread, which is ended when a body takes too long,
 * and when nobody has needed it for a while.
 */
export class ReviewThread {
  private readonly thread: JobThread<Uint8Array, Verdict>;
  private readonly values = new PatchValues();
  private waiting = 0;

  constructor(clock: Clock) {
    this.thread = new JobThread({ clock, start: startWorker, patienceMs, maxWaitMs });
  }

  /** Undefined where too many wait already. */
  judge(body: Buffer): Verdict | Promise<Verdict> | undefined {
    if (body.length <= maxQuickBytes) return validateReview(body.toString(), (object) => this.values.check(object));
    if (this.waiting >= maxWaiting) return undefined;
    this.waiting++;
    return this.judgeInThread(body);
  }

  close(): void {
    this.thread.close();
  }

  private async judgeInThread(body: Buffer): Promise<Verdict> {
    const result = await this.thread.run(body);
    this.waiting--;
    return 'output' in result ? result.output : { message: `the object cannot be validated: ${result.failure}` };
  }
}

function startWorker(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './validation-worker.ts' : './validation-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 256 } });
  worker.unref();
  return worker;
}
