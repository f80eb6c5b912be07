import { runProxy } from '../agent/proxy-command.ts';
import type { ProxyOptions } from '../cli/roles.ts';
import { loadProtos } from '../envoy/protos.ts';
import { systemClock } from '../lib/clock.ts';
import { createLogger } from '../lib/log.ts';
import { endWithSentence } from './startup-error.ts';
import { untilToldToStop } from './until-told-to-stop.ts';

/** Runs one Envoy beside a workload until it is told to stop, then drains it. */
export async function proxy({ exitWithStdin, ...options }: ProxyOptions): Promise<void> {
  const stop = untilToldToStop(exitWithStdin);
  await runProxy(options, {
    protos: loadProtos(),
    log: createLogger({ level: 'info' }),
    clock: systemClock,
    random: Math.random,
    env: process.env,
    signal: stop.signal,
  }).catch(endWithSentence);
}
