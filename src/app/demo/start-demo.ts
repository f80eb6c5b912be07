import { stat } from 'node:fs/promises';
import { findEnvoy } from '../../agent/find-envoy.ts';
import { DirectorySource } from '../../config/files/directory-source.ts';
import { type EnvoyProtos, loadProtos } from '../../envoy/protos.ts';
import type { Clock } from '../../lib/clock.ts';
import { readDiscoverySettings } from '../discovery-settings.ts';
import { parseWithEffect } from '../kinds-without-effect.ts';
import { type StartedControlPlane, startControlPlane } from '../start-control-plane.ts';
import { gatewayAddress } from './cast.ts';
import { ChangeLog } from './change-log.ts';
import type { DemoLog } from './demo-log.ts';
import { DemoProxies } from './demo-proxies.ts';
import { DemoRun } from './demo-run.ts';
import { DemoError } from './loopback-address.ts';
import { startWorkloads } from './start-workloads.ts';
import { TrafficClient } from './traffic-client.ts';

export interface StartDemoOptions {
  /** Of the configuration, as issues are to name it. */
  readonly directory: string;
  readonly editPath: string;
  readonly requestsPerSecond: number;
  readonly envoy?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: DemoLog;
}

export interface StartedDemo {
  readonly run: DemoRun;
  readonly client: TrafficClient;
  readonly proxies: DemoProxies;
  /** Rejects as soon as an Envoy cannot be run; resolves when all are gone. */
  readonly proxiesEnded: Promise<void>;
  /** Ends everything, from the client inwards; nothing is left when it resolves. */
  stop(): Promise<void>;
}

/** Longer than any window that is shown. */
const keepMs = 10_000;

/** Processes, control plane and Envoys, wired together. Rejects, with everything ended, where one of them cannot begin; the signal ends only the start. */
export async function startDemo(options: StartDemoOptions, signal: AbortSignal): Promise<StartedDemo> {
  const { clock, log, env, editPath, requestsPerSecond, random } = options;
  const rest = new AbortController();
  const envoys = new AbortController();
  const giveUp = () => rest.abort();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await expectDirectory(options.directory);
    await startWorkloads(clock, rest.signal);
    const changes = new ChangeLog(clock);
    const protos = loadProtos();
    const quiet = log.at('warn');
    const [plane, envoy] = await Promise.all([
      controlPlaneOf(options, changes, protos, rest.signal),
      findEnvoy({ ...(options.envoy !== undefined && { path: options.envoy }), env, log: log.at('info') }),
    ]);
    const services = { protos, log: quiet, clock, random, env };
    const proxies = new DemoProxies({ envoyPath: envoy.path, xdsAddress: plane.xds, services });
    const proxiesEnded = proxies.run(envoys.signal);
    proxiesEnded.catch(() => {});
    // from here on the end has an order: see `stop`
    signal.removeEventListener('abort', giveUp);
    const client = new TrafficClient({ to: gatewayAddress, requestsPerSecond, clock, keepMs });
    const stop = async () => {
      await client.stop();
      envoys.abort();
      await proxiesEnded.catch(() => {});
      rest.abort();
      await plane.discovery.closed();
    };
    return { run: new DemoRun({ plane, proxies, client, changes, log, clock, editPath }), client, proxies, proxiesEnded, stop };
  } catch (error) {
    rest.abort();
    throw error;
  }
}

/** The control plane would wait for a directory to appear. */
async function expectDirectory(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) throw new DemoError(`--config ${path} is not a directory`);
}

/** The one of `serve`, on ports of its own, with its edits overheard. */
async function controlPlaneOf(
  { directory, env, clock, log }: StartDemoOptions,
  changes: ChangeLog,
  protos: EnvoyProtos,
  signal: AbortSignal,
): Promise<StartedControlPlane> {
  const files = new DirectorySource({ directories: [directory], parseObject: parseWithEffect, clock });
  const settings = { ...readDiscoverySettings(env, '127.0.0.1:0'), drainMs: 0 };
  const onConverged = (ms: number) => changes.converged(ms);
  const sources = [changes.around(files)];
  const started = await startControlPlane(
    { sources, settings, httpAddress: '127.0.0.1:0', env, protos, clock, log: log.at('warn'), onConverged },
    signal,
  );
  changes.open();
  return started;
}
