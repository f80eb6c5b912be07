import { expect, test } from 'vitest';
import { textTable } from './text-table.ts';

test('columns are as wide as their widest cell', () => {
  const rows = [
    ['a', 'long'],
    ['longer', ''],
  ];
  expect(textTable(['NAME', 'X'], rows)).toBe('NAME     X\na        long\nlonger');
  expect(textTable(['NAME', 'X'], [])).toBe('NAME   X');
});
