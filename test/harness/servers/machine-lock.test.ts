import { expect, test } from 'vitest';
import { withMachineLock } from './machine-lock.ts';
import { unmet } from './requirements.ts';

test.skipIf(unmet(['Linux']).length > 0)('work under one name is done by one at a time, and by all in the end', async () => {
  const name = `test-${process.pid}`;
  let inside = 0;
  const order = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      withMachineLock(name, async () => {
        expect(++inside).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
        return i;
      }),
    ),
  );
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test.skipIf(unmet(['Linux']).length > 0)('the lock is free again after work that failed', async () => {
  const name = `test-failing-${process.pid}`;
  await expect(withMachineLock(name, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withMachineLock(name, async () => 'done')).toBe('done');
});
