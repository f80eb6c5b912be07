/** Streams that come and go over real gRPC leave no cells, no handles and no memory behind. */
import { expect, test } from 'vitest';
import { streamCycles } from './stream-cycles.ts';

const cycles = 300;
const bytesPerCycle = 10_000;

test(`X72 ${cycles} clients connect, are served and go away, half of them without a word`, async () => {
  const { before, after } = await streamCycles({ warmUp: 50, cycles });
  expect(after - before).toBeLessThan(cycles * bytesPerCycle);
});
