import { test } from 'vitest';
import { quietWorlds, wireHistories } from '../incremental/wire-history.ts';

const runs = Number(process.env['COXSWAIN_RUNS'] ?? 200);

test(`P4 P6 ${runs} long histories of a real mesh: kills, restarts, refusals, stale nonces`, () => wireHistories(runs, 60));

test(`P10 ${runs} worlds: few responses for an edit, none for no change`, () => quietWorlds(runs));
