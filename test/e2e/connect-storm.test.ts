import { test } from 'vitest';
import { connectStorm } from '../protocol/connect-storm.ts';

test.each(['sotw', 'delta'] as const)('X65 2000 clients at once, at a limit of 25 in a second (%s)', (variant) =>
  connectStorm(variant, 2000),
);
