import type { LeaderTerm } from '../kubernetes/leader-term.ts';
import { delay } from '../lib/clock.ts';
import { retry } from '../lib/retry.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import type { FactBoard } from './fact-board.ts';
import { findMarked } from './find-marked.ts';
import { nextStatus } from './next-status.ts';
import { objectPath } from './object-path.ts';
import { StatusWriter, type StatusWriterOptions } from './status-writer.ts';

export interface WriteStatusesOptions extends Omit<StatusWriterOptions, 'pathOf' | 'next' | 'term'> {
  readonly board: FactBoard;
  /** See `StatusContext`. */
  readonly withAnalysis: boolean;
}

/** So long after a change of leaders nothing is taken back: proxies may not have come back yet that refuse it still. */
const settleMs = 60_000;
const backoff = { baseMs: 1000, maxMs: 60_000 };

/** What a leader does about statuses: everything there is to say now, then every change, and after a while what earlier leaders left behind. */
export async function writeStatuses({ board, withAnalysis, ...options }: WriteStatusesOptions, term: LeaderTerm): Promise<void> {
  const { clock, random, client, log } = options;
  const { signal } = term;
  const writer = new StatusWriter({
    ...options,
    term,
    pathOf: objectPath,
    next: (ref, current, generation) => nextStatus(current, board.get(ref), { generation, withAnalysis, nowMs: clock.now() }),
  });
  const lookAll = (refs: readonly ObjectRef[]) => {
    for (const ref of refs) writer.look(ref);
  };
  const stop = board.onChange(lookAll);
  lookAll(board.all());
  const takeBack = async () => {
    await delay(clock, settleMs, signal);
    lookAll(await retry(() => findMarked(client, signal), { clock, random, signal, backoff }));
  };
  const takenBack = takeBack().catch((error: unknown) => {
    if (!signal.aborted) log.error({ error: String(error) }, 'statuses of earlier leaders could not be looked at');
  });
  await writer.run();
  stop();
  await takenBack;
}
