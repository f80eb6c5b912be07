import { Worker } from 'node:worker_threads';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import { readCompletely } from './complete-reader.ts';
import { maxCompleteLength, readQuickly, refusal } from './read-text.ts';
import { placeOf, type ReadText } from './text-fault.ts';

/** Largest text that the complete parser is given at all, and the time it may take for it. */
const maxSlowLength = 1024 * 1024;
const patienceMs = 3000;

/**
 * Reads documents without ever holding up the event loop: plain and small ones at once, others in a thread of their own,
 * which is ended when a text takes too long, and when nobody has needed it for a while.
 */
export class SlowReader {
  private readonly clock: Clock;
  private worker: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private cancelIdle: CancelTimer | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Undefined where the thread is needed. */
  readNow(text: string): ReadText | undefined {
    const quick = readQuickly(text);
    if (quick) return quick;
    if (text.length <= maxCompleteLength) return readCompletely(text);
    return text.length > maxSlowLength ? refusal(text, maxSlowLength) : undefined;
  }

  /** One text after the other. */
  read(text: string): ReadText | Promise<ReadText> {
    const now = this.readNow(text);
    if (now) return now;
    const reading = this.last.then(() => this.readInThread(text));
    this.last = reading;
    return reading;
  }

  close(): void {
    this.cancelIdle?.();
    void this.worker?.terminate();
    this.worker = undefined;
  }

  private readInThread(text: string): Promise<ReadText> {
    this.cancelIdle?.();
    this.worker ??= startWorker();
    const worker = this.worker;
    return new Promise((resolve) => {
      const finish = (result: ReadText, isHealthy: boolean) => {
        cancel();
        worker.removeAllListeners();
        if (!isHealthy) this.close();
        this.cancelIdle = this.clock.setTimeout(() => this.close(), 10 * patienceMs, { unref: true });
        resolve(result);
      };
      const fail = (why: string) => finish({ faults: [{ message: why, ...placeOf(text, Math.max(0, text.search(/\S/))) }] }, false);
      const cancel = this.clock.setTimeout(() => fail(`the document takes longer than ${patienceMs} ms to parse`), patienceMs, {
        unref: true,
      });
      worker.once('message', (result: ReadText) => finish(result, true));
      worker.once('error', (error) => fail(`the document cannot be parsed: ${error.message}`));
      worker.once('exit', () => fail('the document cannot be parsed'));
      worker.postMessage(text);
    });
  }
}

function startWorker(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './yaml-worker.ts' : './yaml-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 512 } });
  worker.unref();
  return worker;
}
