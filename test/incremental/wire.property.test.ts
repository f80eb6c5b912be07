// What real generated configuration looks like on the wire: P4, P6, P10.
import { test } from 'vitest';
import { quietWorlds, wireHistories } from './wire-history.ts';

const runs = Number(process.env['COXSWAIN_RUNS'] ?? 30);

test(`P4 P6 whatever happens, clients of both variants end up with the truth, and never point at what they lack (${runs} histories)`, async () => {
  await wireHistories(runs, 20);
}, 14_400_000);

test(`P10 one edit costs few responses, and the same objects once more cost none (${runs} worlds)`, async () => {
  await quietWorlds(runs);
}, 14_400_000);
