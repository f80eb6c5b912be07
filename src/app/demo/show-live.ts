import { type Clock, delay } from '../../lib/clock.ts';
import type { DemoRun } from './demo-run.ts';
import type { LiveScreen } from './live-screen.ts';

const everyMs = 500;
/** Enough requests for a steady share; short enough to see it move. */
const windowMs = 5000;

/** Keeps the screen up to date until the signal. After an edit the numbers begin anew, so that it shows at once. */
export async function showLive(
  run: DemoRun,
  { screen, clock }: { readonly screen: LiveScreen; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  for (; !signal.aborted; await delay(clock, everyMs, signal)) {
    const now = clock.now();
    const snapshot = await run.snapshot(Math.max(now - windowMs, run.editedAt() ?? 0), now);
    if (!signal.aborted) screen.show(snapshot);
  }
}
