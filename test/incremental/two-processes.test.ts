// P11: the same world in two processes that differ in all that must not matter.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { pinnedNode } from '../harness/serve-process.ts';

const script = fileURLToPath(new URL('./print-world.ts', import.meta.url));
const run = promisify(execFile);

async function print(seed: number, order: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { stdout } = await run(pinnedNode, [script, String(seed), '250', order], { env: { ...process.env, ...env }, maxBuffer: 2 ** 26 });
  return stdout.trim().split('\n');
}

test.each([1, 3])('P11 order, language and time zone make no difference to names, versions and bytes (world %i)', async (seed) => {
  const plain = await print(seed, 'forwards', { LANG: 'C', LC_ALL: 'C', TZ: 'UTC' });
  const other = await print(seed, 'reversed', { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Chatham' });
  expect(plain.length).toBeGreaterThan(50);
  expect(other).toEqual(plain);
});
