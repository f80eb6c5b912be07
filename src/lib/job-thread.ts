import type { Worker } from 'node:worker_threads';
import type { CancelTimer, Clock } from './clock.ts';

export interface JobThreadOptions {
  readonly clock: Clock;
  /** A worker that answers each message with one message. It should not keep the process alive. */
  readonly start: () => Worker;
  /** How long one job may take. */
  readonly patienceMs: number;
  /** A job that has waited longer for the ones before it is not begun: whoever asked is gone. Unset: it waits for as long as they take. */
  readonly maxWaitMs?: number;
}

/** What became of a job. */
export type JobResult<O> = { readonly output: O } | { readonly failure: string };

/** Idle for this many times its patience, the thread is ended. */
const idleFactor = 10;

/**
 * Does jobs one after the other in a thread, which is there while it is needed: one that takes too long or fails ends with its thread, and
 * the next one gets another.
 */
export class JobThread<I, O> {
  private readonly options: JobThreadOptions;
  private worker: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private cancelIdle: CancelTimer | undefined;

  constructor(options: JobThreadOptions) {
    this.options = options;
  }

  run(input: I): Promise<JobResult<O>> {
    const { clock, maxWaitMs = Number.POSITIVE_INFINITY } = this.options;
    const askedMs = clock.now();
    const job = this.last.then(() => (clock.now() - askedMs > maxWaitMs ? { failure: 'has waited too long' } : this.next(input)));
    this.last = job;
    return job;
  }

  close(): void {
    this.cancelIdle?.();
    void this.worker?.terminate();
    this.worker = undefined;
  }

  private next(input: I): Promise<JobResult<O>> {
    const { clock, start, patienceMs } = this.options;
    this.cancelIdle?.();
    this.worker ??= start();
    const worker = this.worker;
    return new Promise((resolve) => {
      const finish = (result: JobResult<O>) => {
        cancel();
        // Listeners of the worker's own stay: without them it would hear of no further message.
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        if ('failure' in result) {
          // A thread that is being ended may still fail.
          worker.on('error', () => undefined);
          this.close();
        } else this.cancelIdle = clock.setTimeout(() => this.close(), idleFactor * patienceMs, { unref: true });
        resolve(result);
      };
      const onMessage = (output: O) => finish({ output });
      const onError = (error: Error) => finish({ failure: error.message });
      const onExit = () => finish({ failure: 'its thread ended' });
      const cancel = clock.setTimeout(() => finish({ failure: `takes longer than ${patienceMs} ms` }), patienceMs, { unref: true });
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(input);
    });
  }
}
