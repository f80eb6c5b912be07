import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../lib/clock.ts';
import { silentLogger as log } from '../lib/log.ts';
import { EnvoySupervisor } from './envoy-supervisor.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supervisor-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that stands for Envoy where it must misbehave in a way that Envoy does not. */
async function program(body: string): Promise<string> {
  const path = join(folder, 'envoy');
  await writeFile(path, `#!${process.execPath}\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

function supervisor(envoyPath: string, clock: Clock = systemClock): EnvoySupervisor {
  return new EnvoySupervisor({
    envoyPath,
    arguments: { bootstrapPath: join(folder, 'b.pb'), logLevel: 'off', drainSeconds: 1, ipVersion: 4 },
    directory: folder,
    drain: { listeners: 'all', durationMs: 1000, exitOnZeroConnections: true },
    backoff: { baseMs: 100, maxMs: 400 },
    killAfterMs: 50,
    clock,
    random: () => 0.5,
    log,
  });
}

/** The system clock with waits cut to nothing and written down. */
function recordingClock(waits: number[]): Clock {
  return {
    now: () => 0,
    setTimeout: (callback, delayMs) => {
      waits.push(delayMs);
      return systemClock.setTimeout(callback, 0);
    },
  };
}

describe('EnvoySupervisor', () => {
  it('waits longer after every failure, up to the maximum', async () => {
    const waits: number[] = [];
    const controller = new AbortController();
    const tested = supervisor(await program('process.exit(1)'), recordingClock(waits));
    const done = tested.run(controller.signal);
    await vi.waitUntil(() => tested.restarts >= 4, { timeout: 10_000 });
    controller.abort();
    await done;
    expect(waits.slice(0, 4)).toEqual([50, 100, 200, 200]);
  });

  it('goes on trying when the program cannot be started at all', async () => {
    const waits: number[] = [];
    const controller = new AbortController();
    const tested = supervisor(join(folder, 'missing'), recordingClock(waits));
    const done = tested.run(controller.signal);
    await vi.waitUntil(() => tested.restarts >= 1);
    controller.abort();
    await done;
    expect(tested.pid).toBeUndefined();
  });

  it('kills an Envoy that does not end', async () => {
    const mark = join(folder, 'pid');
    const path = await program(
      `process.on('SIGTERM', () => {}); require('node:fs').writeFileSync(${JSON.stringify(mark)}, String(process.pid)); setInterval(() => {}, 1000);`,
    );
    const controller = new AbortController();
    const done = supervisor(path).run(controller.signal);
    const pid = await vi.waitUntil(async () => Number(await readFile(mark, 'utf8').catch(() => '')), { timeout: 10_000 });
    controller.abort();
    await done;
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
