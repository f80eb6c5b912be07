import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EnvoyUnavailableError } from '../agent/find-envoy.ts';
import type { DemoOptions } from '../cli/roles.ts';
import { type Clock, delay, systemClock } from '../lib/clock.ts';
import { DemoLog } from './demo/demo-log.ts';
import type { DemoRun } from './demo/demo-run.ts';
import { countEdges, edgeLines } from './demo/edges.ts';
import { LiveScreen } from './demo/live-screen.ts';

import { watchParents } from './demo/parent-watch.ts';
import { showHeadless } from './demo/show-headless.ts';
import { showLive } from './demo/show-live.ts';
import { type StartedDemo, startDemo } from './demo/start-demo.ts';
import { StartupError } from './startup-error.ts';
import { untilToldToStop } from './until-told-to-stop.ts';

/** How long a demo that ends by itself (`--for`) waits for its first request. */
const patienceMs = 30_000;

/** Runs the demo mesh until it is told to stop; the exit code says whether it could, and whether traffic flowed where that is expected. */
export async function demo(options: DemoOptions): Promise<void> {
  const stop = untilToldToStop(false);
  const hangup = new AbortController();
  process.once('SIGHUP', () => hangup.abort());
  process.stdout.on('error', () => hangup.abort()); // nobody reads any more
  const ended = AbortSignal.any([stop.signal, hangup.signal, watchParents(systemClock)]);
  const log = new DemoLog((line) => process.stderr.write(line));
  const directory = shortPath(options.config ?? fileURLToPath(new URL('../../deploy/demo', import.meta.url)));
  try {
    const settings = {
      directory,
      editPath: `${directory}/traffic.yaml`,
      requestsPerSecond: options.requestsPerSecond,
      ...(options.envoy !== undefined && { envoy: options.envoy }),
      env: process.env,
      clock: systemClock,
      random: Math.random,
      log,
    };
    const started = await startDemo(settings, ended);
    process.exitCode = await playAndStop(started, options, log, ended);
  } catch (error) {
    if (!(error instanceof StartupError || error instanceof EnvoyUnavailableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

async function playAndStop(started: StartedDemo, options: DemoOptions, log: DemoLog, ended: AbortSignal): Promise<number> {
  try {
    await play(started.run, started.proxiesEnded, options, log, ended);
    return options.expectTraffic ? await judge(started) : 0;
  } finally {
    await started.stop();
    if (!options.headless) process.stdout.write(`${started.client.okCount} requests answered. Everything is stopped.\n`);
  }
}

async function play(run: DemoRun, proxiesEnded: Promise<void>, options: DemoOptions, log: DemoLog, ended: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([ended, over.signal]);
  const begun = run.beginTraffic(signal);
  const timeOver = options.forSeconds === undefined ? [] : [after(options.forSeconds * 1000, begun, systemClock, signal)];
  const shown = show(run, options, log, signal);
  try {
    await Promise.race([proxiesEnded, shown, ...timeOver]);
  } finally {
    over.abort();
    await Promise.all([shown, begun]);
  }
}

/** Resolves that long after the traffic began. */
async function after(ms: number, begun: Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  await Promise.race([begun, delay(clock, patienceMs, signal)]);
  await delay(clock, ms, signal);
}

async function show(run: DemoRun, { headless }: DemoOptions, log: DemoLog, signal: AbortSignal): Promise<void> {
  const clock = systemClock;
  if (headless || !process.stdout.isTTY) {
    const out = (line: string) => process.stdout.write(`${line}\n`);
    return showHeadless(run, { clock, out, error: (line) => process.stderr.write(`${line}\n`) }, signal);
  }
  const screen = new LiveScreen(process.stdout, process.env['NO_COLOR'] === undefined);
  const close = () => screen.close();
  process.once('exit', close);
  log.isHeld = true;
  log.last = undefined; // of the start, and on the screen below
  try {
    await showLive(run, { screen, clock }, signal);
  } finally {
    log.isHeld = false;
    close();
    process.removeListener('exit', close);
  }
}

/** Whether every Envoy counted requests on every edge, and no answer came past them. */
async function judge({ client, proxies }: StartedDemo): Promise<number> {
  await client.stop();
  await proxies.read();
  const counted = countEdges(proxies.counters());
  process.stdout.write(`${edgeLines(counted).join('\n')}\n`);
  const ingress = counted[0]?.requests ?? 0;
  const isProven = client.okCount > 0 && client.okCount <= ingress && counted.every(({ requests }) => requests > 0);
  process.stdout.write(`${client.okCount} requests answered; ${isProven ? 'every edge had traffic' : 'NOT every edge had traffic'}\n`);
  return isProven ? 0 : 1;
}

function shortPath(path: string): string {
  const short = relative(process.cwd(), resolve(path));
  return short.startsWith('..') ? resolve(path) : short || '.';
}
