import { expect, it } from 'vitest';
import { drawTree } from './tree.ts';

const leaf = (text: string, ...details: string[]) => ({ text, details, children: [] });

it('draws rails past what is below a node, and none below the last', () => {
  const nodes = [leaf('a', 'detail'), { text: 'b', details: ['more'], children: [leaf('c'), leaf('d', 'deep')] }, leaf('e', 'end')];
  expect(drawTree(nodes)).toEqual([
    '├─ a',
    '│     detail',
    '├─ b',
    '│  │  more',
    '│  ├─ c',
    '│  └─ d',
    '│        deep',
    '└─ e',
    '      end',
  ]);
});
