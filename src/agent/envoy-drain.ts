import type { Clock } from '../lib/clock.ts';
import { delay } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import type { AdminClient } from './admin-client.ts';

export interface DrainSettings {
  /** A router drains everything, a sidecar only what comes in: its workload may still call others while it ends. */
  readonly listeners: 'inbound' | 'all';
  /** How long clients get to go; Istio's `terminationDrainDuration`. */
  readonly durationMs: number;
  /** End as soon as nobody is connected (Istio's `EXIT_ON_ZERO_ACTIVE_CONNECTIONS`). */
  readonly exitOnZeroConnections: boolean;
}

const pollMs = 100;

/** Asks Envoy to drain and waits until clients have gone, the time is over or `ended` aborts. Never rejects. */
export async function drainEnvoy(
  admin: AdminClient,
  settings: DrainSettings,
  { clock, log, ended }: { readonly clock: Clock; readonly log: Logger; readonly ended: AbortSignal },
): Promise<void> {
  const deadline = clock.now() + settings.durationMs;
  try {
    await admin.drain(settings.listeners);
  } catch (error) {
    log.warn({ error }, 'Envoy could not be asked to drain');
    return;
  }
  while (!ended.aborted && clock.now() < deadline) {
    if (settings.exitOnZeroConnections && (await hasNoConnections(admin))) return;
    await delay(clock, Math.max(0, Math.min(pollMs, deadline - clock.now())), ended);
  }
}

async function hasNoConnections(admin: AdminClient): Promise<boolean> {
  try {
    return (await admin.activeConnections()) === 0;
  } catch {
    return false;
  }
}
