import { Worker } from 'node:worker_threads';
import type { Clock } from '../../lib/clock.ts';
import { JobThread } from '../../lib/job-thread.ts';
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
  private readonly thread: JobThread<string, ReadText>;

  constructor(clock: Clock) {
    this.thread = new JobThread({ clock, start: startWorker, patienceMs });
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
    return this.readNow(text) ?? this.readInThread(text);
  }

  close(): void {
    this.thread.close();
  }

  private async readInThread(text: string): Promise<ReadText> {
    const result = await this.thread.run(text);
    if ('output' in result) return result.output;
    return { faults: [{ message: `the document cannot be parsed: ${result.failure}`, ...placeOf(text, Math.max(0, text.search(/\S/))) }] };
  }
}

function startWorker(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './yaml-worker.ts' : './yaml-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 512 } });
  worker.unref();
  return worker;
}
