import { expect, it } from 'vitest';
import { splitLines } from './split-lines.ts';

async function* pieces(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text;
}

it('gives the lines that each chunk completes, however they are cut', async () => {
  const umlaut = Buffer.from('ä');
  const lines: (readonly string[])[] = [];
  for await (const each of splitLines(pieces('a\nb', 'c\n\nd\n', umlaut.subarray(0, 1), umlaut.subarray(1), 'e\r\nrest'))) lines.push(each);
  expect(lines).toEqual([['a'], ['bc', 'd'], [], [], ['äe\r']]);
});
