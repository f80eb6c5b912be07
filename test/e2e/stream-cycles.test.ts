import { expect, test } from 'vitest';
import { streamCycles } from '../story/stream-cycles.ts';

/** `COXSWAIN_CYCLES` for fewer while one looks for a leak. */
const cycles = Number(process.env['COXSWAIN_CYCLES'] ?? 50_000);
/** Of the heap as it was. */
const tolerance = 0.02;

test(`X72 ${cycles} cycles of connect, subscribe and kill leave the heap as it was`, { timeout: 1_800_000 }, async () => {
  const { before, after } = await streamCycles({ warmUp: 1_000, cycles });
  expect(after / before - 1, `${before} bytes before, ${after} after`).toBeLessThan(tolerance);
});
