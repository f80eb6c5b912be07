import { expect, it } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { SlowReader } from './slow-reader.ts';

it('reads one long document after the other in its thread', async () => {
  const reader = new SlowReader(systemClock);
  const text = (name: string) => `a: &${name} {b: 1}\nc: *${name}\nd: |\n${'  hello world\n'.repeat(2000)}`;
  for (const name of ['x', 'y', 'z']) {
    expect(reader.readNow(text(name))).toBeUndefined();
    expect(await reader.read(text(name))).toMatchObject({ faults: [], value: { c: { b: 1 } } });
  }
  reader.close();
});
