import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A thread that does nothing: how long it is held up is the machine's doing. */
export class IdleThread {
  private readonly worker = new Worker(new URL('./idle-thread-worker.ts', import.meta.url));

  /** Seconds that it was not held up longer than in 99 % of the time, since it was started or asked to forget. */
  async delay(): Promise<number> {
    this.worker.postMessage('tell');
    const [seconds] = (await once(this.worker, 'message')) as [number];
    return seconds;
  }

  forget(): void {
    this.worker.postMessage('forget');
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}
