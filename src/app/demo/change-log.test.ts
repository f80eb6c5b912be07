import { describe, expect, it } from 'vitest';
import type { ConfigSink, ConfigSource } from '../../config/config-source.ts';
import type { Clock } from '../../lib/clock.ts';
import { ChangeLog } from './change-log.ts';

const ref = { kind: 'VirtualService', namespace: 'demo', name: 'register' };

async function overheard() {
  const time = { now: 1000 };
  const clock: Clock = { now: () => time.now, setTimeout: () => () => {} };
  const log = new ChangeLog(clock);
  const handed: unknown[] = [];
  let inner: ConfigSink | undefined;
  const source: ConfigSource = {
    name: 'files',
    start: async (sink) => {
      inner = sink;
    },
    hasSynced: () => true,
    positionOf: () => ({ file: 'traffic.yaml', line: 1, column: 1 }),
  };
  await log.around(source).start({ apply: (update) => handed.push(update) }, new AbortController().signal);
  return { log, time, handed, apply: (objects: boolean) => inner?.apply(objects ? { objects: [{ ref, object: undefined }] } : {}) };
}

describe('ChangeLog', () => {
  it('hands everything on, and takes for an edit only what comes after the first reading', async () => {
    const { log, apply, handed } = await overheard();
    apply(true);
    expect(log.last).toBeUndefined();
    log.open();
    apply(false);
    expect(log.last).toBeUndefined();
    apply(true);
    expect(log.last).toEqual({ at: 1000, objects: ['VirtualService/demo/register'], file: 'traffic.yaml', ackedMs: undefined, acks: 0 });
    expect(handed).toHaveLength(3);
  });

  it('keeps the time of the slowest proxy, and leaves out answers to what was before', async () => {
    const { log, apply, time } = await overheard();
    log.open();
    apply(true);
    time.now += 30;
    for (const ms of [12, 30, 25, 800]) log.converged(ms);
    expect(log.last).toMatchObject({ ackedMs: 30, acks: 3 });
  });
});
