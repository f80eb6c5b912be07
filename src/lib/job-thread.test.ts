import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { FakeClock } from './fake-clock.ts';
import { JobThread } from './job-thread.ts';

const code = `const { parentPort, threadId } = require('node:worker_threads');
parentPort.on('message', (job) => {
  if (job === 'throw') throw new Error('bad job');
  if (job === 'exit') process.exit(0);
  while (job === 'forever');
  parentPort.postMessage(job + ' ' + threadId);
});`;
const threads: JobThread<string, string>[] = [];
afterEach(() => {
  for (const thread of threads.splice(0)) thread.close();
});

function thread(clock = systemClock, patienceMs = 30_000) {
  const jobs = new JobThread<string, string>({ clock, start: () => new Worker(code, { eval: true }), patienceMs });
  threads.push(jobs);
  return jobs;
}

const text = (result: object) => JSON.stringify(result);

describe('jobs in a thread', () => {
  it('are all done by the same one', async () => {
    const jobs = thread();
    const results = await Promise.all(['a', 'b', 'c', 'd'].map((job) => jobs.run(job)));
    const [id] = text(results).match(/\d+/) ?? [];
    expect(results).toEqual(['a', 'b', 'c', 'd'].map((job) => ({ output: `${job} ${id}` })));
  });

  it('that fail say why, and the next one is done', async () => {
    const jobs = thread();
    const results = await Promise.all(['throw', 'a', 'exit', 'b'].map((job) => jobs.run(job)));
    expect(results).toEqual([
      { failure: 'bad job' },
      { output: expect.stringMatching(/^a /) as string },
      { failure: 'its thread ended' },
      { output: expect.stringMatching(/^b /) as string },
    ]);
  });

  it('that take too long are ended', async () => {
    const jobs = thread(systemClock, 300);
    const [forever, next] = [jobs.run('forever'), jobs.run('a')];
    expect(await forever).toEqual({ failure: 'takes longer than 300 ms' });
    expect(text(await next)).toMatch(/output|takes longer/);
  });

  it('are not begun after they have waited too long', async () => {
    const clock = new FakeClock();
    const start = () => new Worker(code, { eval: true });
    const jobs = new JobThread<string, string>({ clock, start, patienceMs: 5000, maxWaitMs: 4000 });
    threads.push(jobs);
    const [first, second] = [jobs.run('forever'), jobs.run('a')];
    await clock.advanceAsync(0);
    await clock.advanceAsync(5000);
    expect(await first).toEqual({ failure: 'takes longer than 5000 ms' });
    expect(await second).toEqual({ failure: 'has waited too long' });
  });

  it('have no thread when there are none for a while', async () => {
    const clock = new FakeClock();
    const jobs = thread(clock);
    const first = text(await jobs.run('a'));
    await clock.advanceAsync(300_000);
    expect(text(await jobs.run('a'))).not.toBe(first);
  });
});
