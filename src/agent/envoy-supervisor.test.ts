import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadProtos } from '../envoy/protos.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createLogger, silentLogger } from '../lib/log.ts';
import type { AdminClient } from './admin-client.ts';
import { EnvoySupervisor } from './envoy-supervisor.ts';
import { findEnvoy } from './find-envoy.ts';

const envoy = await findEnvoy({ env: process.env, log: silentLogger }).catch((error: unknown) => {
  if (process.env['CI']) throw error;
  return undefined;
});

let folder = '';
let lines: string[] = [];
beforeEach(async () => {
  lines = [];
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

function supervisor(envoyPath: string, clock: Clock = systemClock, onAdmin?: (admin: AdminClient) => void): EnvoySupervisor {
  return new EnvoySupervisor({
    envoyPath,
    arguments: { bootstrapPath: join(folder, 'b.pb'), logLevel: 'off', drainSeconds: 1, ipVersion: 4 },
    directory: folder,
    drain: { listeners: 'all', durationMs: 30_000, exitOnZeroConnections: true },
    backoff: { baseMs: 100, maxMs: 400 },
    killAfterMs: onAdmin ? 5000 : 50,
    clock,
    random: () => 0.5,
    log: createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } }),
    ...(onAdmin && { onAdmin }),
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
    expect(lines.some((line) => line.includes('starting Envoy again'))).toBe(true);
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

describe.skipIf(!envoy)('draining a real Envoy', () => {
  const bootstrap = {
    admin: { address: { socket_address: { address: '127.0.0.1', port_value: 0 } } },
    static_resources: {
      listeners: [
        {
          name: 'echo',
          address: { socket_address: { address: '127.0.0.1', port_value: 0 } },
          filter_chains: [
            {
              filters: [{ name: 'echo', typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo' } }],
            },
          ],
        },
      ],
    },
  };

  it('waits for the last client, then ends at once', { timeout: 30_000 }, async () => {
    await writeFile(join(folder, 'b.pb'), loadProtos().encode('envoy.config.bootstrap.v3.Bootstrap', bootstrap));
    const controller = new AbortController();
    const started = Promise.withResolvers<AdminClient>();
    const tested = supervisor(envoy?.path ?? '', systemClock, started.resolve);
    const done = tested.run(controller.signal);
    try {
      const admin = await started.promise;
      const address = await vi.waitUntil(async () => (await admin.listeners()).get('echo'), { timeout: 10_000 });
      const client = connect(address);
      const echoed = new Promise<string>((resolve) => client.once('data', (data) => resolve(data.toString())));
      client.write('still here');
      expect(await echoed).toBe('still here');
      expect(await admin.activeConnections()).toBe(1);

      const { pid } = tested;
      controller.abort();
      await vi.waitUntil(() => lines.some((line) => line.includes('draining Envoy')));
      client.write('and still');
      expect(await new Promise<string>((resolve) => client.once('data', (data) => resolve(data.toString())))).toBe('and still');
      expect(lines.some((line) => line.includes('Envoy ended'))).toBe(false);
      client.destroy();
      await done;
      expect(lines.at(-1)).toContain('Envoy ended with code 0');
      expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
    } finally {
      controller.abort();
      await done;
    }
  });
});
