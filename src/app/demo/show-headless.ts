import { type Clock, delay } from '../../lib/clock.ts';
import type { ConfigChange } from './change-log.ts';
import type { DemoRun } from './demo-run.ts';
import { changeText } from './demo-snapshot.ts';
import { headlessLine } from './headless-line.ts';

export interface HeadlessOutput {
  readonly clock: Clock;
  readonly out: (line: string) => void;
  /** Issues of the configuration, once each. */
  readonly error: (line: string) => void;
}

/** One line a second until the signal; each holds the requests since the line before. */
export async function showHeadless(run: DemoRun, { clock, out, error }: HeadlessOutput, signal: AbortSignal): Promise<void> {
  let known: readonly string[] = [];
  let reported: ConfigChange | undefined;
  for (let since = clock.now(); !signal.aborted; ) {
    const from = since;
    since = clock.now();
    const snapshot = await run.snapshot(from, since);
    for (const issue of snapshot.issues) if (!known.includes(issue)) error(issue);
    if (known.length > 0 && snapshot.issues.length === 0) out('the configuration is in order again');
    known = snapshot.issues;
    const { change, proxies } = snapshot;
    if (change && change.at !== reported?.at && proxies.every(({ state }) => state === 'in sync')) {
      out(`changed ${changeText(change, proxies)}`);
      reported = change;
    }
    out(headlessLine(snapshot));
    await delay(clock, 1000, signal);
  }
}
