import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, delay } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { type Backoff, backoffDelayMs } from '../lib/retry.ts';
import { AdminClient, parseHostPort } from './admin-client.ts';
import { type EnvoyArguments, envoyArguments } from './envoy-arguments.ts';
import { type DrainSettings, drainEnvoy } from './envoy-drain.ts';
import { describeExit, EnvoyProcess } from './envoy-process.ts';
import { parentDeathLauncher } from './parent-death.ts';

export interface SupervisorOptions {
  readonly envoyPath: string;
  readonly arguments: Omit<EnvoyArguments, 'adminAddressPath'>;
  /** A folder of this proxy's own. */
  readonly directory: string;
  readonly drain: DrainSettings;
  /** Added to the agent's own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly backoff?: Backoff;
  /** How long Envoy may take to end after SIGTERM before it is killed. */
  readonly killAfterMs?: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** Told for every Envoy that was started, once its admin interface answers. */
  readonly onAdmin?: (admin: AdminClient) => void;
}

/** Below a second nobody notices, above half a minute nobody waits. */
const defaultBackoff: Backoff = { baseMs: 500, maxMs: 30_000 };
/** An Envoy that ran this long was healthy: the next end is a first one again. */
const healthyAfterMs = 60_000;
const pollMs = 20;

/** Keeps one Envoy running: starts it, starts it again when it ends unasked, drains and ends it when told to stop. */
export class EnvoySupervisor {
  private readonly options: SupervisorOptions;
  private readonly adminAddressPath: string;
  private readonly launcher = parentDeathLauncher();
  private process: EnvoyProcess | undefined;
  private starts = 0;

  constructor(options: SupervisorOptions) {
    this.options = options;
    this.adminAddressPath = join(options.directory, 'admin-address.txt');
  }

  /** Of the Envoy that runs now. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** How often Envoy was started again. */
  get restarts(): number {
    return Math.max(0, this.starts - 1);
  }

  /** Runs until the signal aborts; resolves when Envoy is drained and gone. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, random, backoff = defaultBackoff } = this.options;
    for (let failures = 0; !signal.aborted; ) {
      const startedAt = clock.now();
      await this.runOnce(signal);
      if (signal.aborted) return;
      failures = clock.now() - startedAt >= healthyAfterMs ? 1 : failures + 1;
      const delayMs = backoffDelayMs(backoff, failures, random);
      log.warn({ failures, delayMs }, 'starting Envoy again after a pause');
      await delay(clock, delayMs, signal);
    }
  }

  private async runOnce(signal: AbortSignal): Promise<void> {
    const { envoyPath, directory, log, environment = {} } = this.options;
    await rm(this.adminAddressPath, { force: true });
    const args = envoyArguments({ ...this.options.arguments, adminAddressPath: this.adminAddressPath });
    this.starts++;
    const envoy = new EnvoyProcess({ launcher: this.launcher, path: envoyPath, args, directory, environment });
    this.process = envoy;
    log.info({ pid: envoy.pid, restarts: this.restarts }, 'Envoy started');
    const ended = new AbortController();
    const exited = envoy.exited.finally(() => ended.abort());
    if (this.options.onAdmin) void this.announceAdmin(this.options.onAdmin, ended.signal);
    await abortOf(AbortSignal.any([signal, ended.signal]));
    if (ended.signal.aborted) log.error({ pid: envoy.pid }, `Envoy ${describeExit(await exited)}`);
    else await this.stop(envoy, ended.signal);
    this.process = undefined;
  }

  private async announceAdmin(onAdmin: (admin: AdminClient) => void, ended: AbortSignal): Promise<void> {
    for (; !ended.aborted; await delay(this.options.clock, pollMs, ended)) {
      const admin = await this.currentAdmin();
      if (admin && (await answers(admin))) {
        if (!ended.aborted) onAdmin(admin);
        return;
      }
    }
  }

  private async stop(envoy: EnvoyProcess, ended: AbortSignal): Promise<void> {
    const { clock, drain, killAfterMs = 5000, log } = this.options;
    const admin = await this.currentAdmin();
    if (admin) {
      log.info({ pid: envoy.pid, upToMs: drain.durationMs }, 'draining Envoy');
      await drainEnvoy(admin, drain, { clock, log, ended });
    }
    envoy.kill('SIGTERM');
    await delay(clock, killAfterMs, ended);
    if (!ended.aborted) {
      log.warn({ pid: envoy.pid }, 'Envoy did not end in time: killing it');
      envoy.kill('SIGKILL');
    }
    log.info({ pid: envoy.pid }, `Envoy ${describeExit(await envoy.exited)}`);
  }

  private async currentAdmin(): Promise<AdminClient | undefined> {
    if (this.process === undefined) return undefined;
    const text = await readFile(this.adminAddressPath, 'utf8').catch(() => '');
    const address = parseHostPort(text);
    return address && new AdminClient(address);
  }
}

function answers(client: AdminClient): Promise<boolean> {
  return client.isReady().then(
    () => true,
    () => false,
  );
}

function abortOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
