import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { splitDocuments } from './split-documents.ts';

const documentsOf = (text: string) => [...splitDocuments(text)].filter((part) => part !== undefined);
const split = (text: string) => documentsOf(text).map(({ text, line }) => [line, text]);

it.each<[string, [number, string][]]>([
  ['a: 1\n', [[1, 'a: 1\n']]],
  ['', []],
  ['# only\n---\n\n--- # nothing\n', []],
  [
    '---\na: 1\n---\nb: 2',
    [
      [1, '---\na: 1\n'],
      [3, '---\nb: 2'],
    ],
  ],
  [
    '# head\n---\r\na: 1\r\n---\r\nb: 2',
    [
      [2, '---\r\na: 1\r\n'],
      [4, '---\r\nb: 2'],
    ],
  ],
  [
    'a: |\n  ---\n  x\n---\nb: 2\n',
    [
      [1, 'a: |\n  ---\n  x\n'],
      [4, '---\nb: 2\n'],
    ],
  ],
  [
    'a: 1\n...\nb: 2\n',
    [
      [1, 'a: 1\n...\n'],
      [3, 'b: 2\n'],
    ],
  ],
  ['%YAML 1.2\n---\na: 1\n', [[1, '%YAML 1.2\n---\na: 1\n']]],
  ['a: ---\n----\n---x\n', [[1, 'a: ---\n----\n---x\n']]],
  [
    'a: "broken\n---\nb: 2\n',
    [
      [1, 'a: "broken\n'],
      [2, '---\nb: 2\n'],
    ],
  ],
  [
    '--- {a: 1}\n--- {b: 2}\n',
    [
      [1, '--- {a: 1}\n'],
      [2, '--- {b: 2}\n'],
    ],
  ],
])('splits %j', (text, documents) => {
  expect(split(text)).toEqual(documents);
});

it('finds the documents that the parser finds', () => {
  const line = fc.constantFrom('---', 'a: 1', '- b', '', '# c', '--- # d', '...', 'x: |', '  ---', '  text');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const text = `${lines.join('\n')}\n`;
      const whole = parseAllDocuments(text);
      if (!Array.isArray(whole) || whole.some(({ errors }) => errors.length > 0)) return;
      const expected = whole.map((document) => document.toJS()).filter((value) => value !== null);
      const found = documentsOf(text)
        .flatMap((part) => parseAllDocuments(part.text))
        .map((document) => document.toJS());
      expect(found.filter((value) => value !== null)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
