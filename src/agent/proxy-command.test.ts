import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { loadProtos } from '../envoy/protos.ts';
import { systemClock } from '../lib/clock.ts';
import { silentLogger as log } from '../lib/log.ts';
import type { AdminClient } from './admin-client.ts';
import { findEnvoy } from './find-envoy.ts';
import { bootstrapSettings, type RunProxyOptions, runProxy } from './proxy-command.ts';

const options: RunProxyOptions = {
  name: 'agent-test',
  namespace: 'default',
  address: '127.0.0.1',
  xdsAddress: '127.0.0.1:1',
  serviceAccount: 'default',
  labels: { app: 'agent-test' },
  type: 'sidecar',
  adminPort: 0,
  concurrency: 1,
  logLevel: 'off',
  drainMs: 5000,
};

const envoy = await findEnvoy({ env: process.env, log }).catch((error: unknown) => {
  if (process.env['CI']) throw error;
  return undefined;
});

describe('bootstrapSettings', () => {
  it('gives the admin interface the loopback address of the workload, and never one that others reach', () => {
    const adminHost = (address: string) => bootstrapSettings({ ...options, address }).admin.host;
    expect([adminHost('127.0.1.7'), adminHost('10.0.0.7'), adminHost('fd00::7')]).toEqual(['127.0.1.7', '127.0.0.1', '::1']);
  });

  it('refuses ports for probes where the admin port is not known beforehand', () => {
    expect(() => bootstrapSettings({ ...options, statusPort: 15021 })).toThrow('--admin-port other than 0');
  });

  it('refuses an address without a port', () => {
    expect(() => bootstrapSettings({ ...options, xdsAddress: 'istiod' })).toThrow('--xds-address istiod is not HOST:PORT');
  });
});

describe.skipIf(!envoy)('runProxy with a real Envoy', () => {
  it('runs Envoy, starts it again when it dies, and drains and ends it when told to', { timeout: 60_000 }, async () => {
    const controller = new AbortController();
    const admins: AdminClient[] = [];
    const running = runProxy(
      { ...options, ...(envoy && { envoy: envoy.path }) },
      {
        protos: loadProtos(),
        log,
        clock: systemClock,
        random: () => 0,
        env: process.env,
        signal: controller.signal,
        onAdmin: (admin) => admins.push(admin),
      },
    );
    try {
      const first = await vi.waitUntil(() => admins[0], { timeout: 20_000 });
      expect(await first.isReady()).toBe(false); // nobody answers at the xDS address
      const info = (await first.serverInfo()) as {
        readonly node: { readonly id: string };
        readonly command_line_options: { readonly concurrency: number };
      };
      expect(info.node.id).toBe('sidecar~127.0.0.1~agent-test.default~default.svc.cluster.local');
      expect(info.command_line_options.concurrency).toBe(1);
      expect(await first.activeConnections()).toBe(0);

      const pids = await envoysOfTest();
      expect(pids).toHaveLength(1);
      process.kill(pids[0] ?? 0, 'SIGKILL');
      await vi.waitUntil(() => admins[1], { timeout: 20_000 });
      const again = await envoysOfTest();
      expect(again).toHaveLength(1);
      expect(again).not.toEqual(pids);
    } finally {
      controller.abort();
      await running;
    }
    expect(await envoysOfTest()).toEqual([]);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('coxswain-proxy-agent-test-'))).toEqual([]);
  });
});

/** Process ids of the Envoys whose bootstrap is this test's. */
async function envoysOfTest(): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (line.includes('coxswain-proxy-agent-test-') && line.includes('--admin-address-path')) found.push(Number(name));
  }
  return found;
}
