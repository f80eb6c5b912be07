import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readCompletely } from './complete-reader.ts';
import { readFast } from './fast-reader.ts';
import { splitDocuments } from './split-documents.ts';

/** The fast reader may give up, but must never mean something else than the complete parser. */
function expectSame(text: string): boolean {
  const fast = readFast(text);
  if (!fast) return false;
  const complete = readCompletely(text);
  expect(complete.faults, text).toEqual([]);
  expect(fast.value, text).toEqual(complete.value);
  return true;
}

const readable = [
  'a: 1\nb: -2.5\nc: 1e3\nd: ~\ne: null\nf: true\ng: False\nh: yes\ni: 2001-01-01\nj: 0644\n',
  'a:\n- b\n- c: d\n  e: f\n-\n  - g\n- - h\n  - i\nj:\n  k:\n',
  "---\n# comment\na: b # comment\nc: d#e\nf: \"g # h\"\ni: 'it''s'\n\n\nj: k\n",
  'a: |\n  one\n   two\n\n  three\nb: |-\n    x\n    y\n\nc: |+\n  z\n\nd: e\n',
  'a: [1, two, "three", {four: 5, "six": [7]}]\nb: {}\nc: []\n',
  '{\n  "a": {"b": [1, 2.5, true, null, "x\\ny"]},\n  "c": "d"\n}\n',
  'http://x/y: z\n"q k": v\n80: port\na.b/c-d: e:f\n',
  'a: "\\u00e9\\t"\nb: é\n',
  'a: 9007199254740991\nb: 9007199254740992\nc: 123456789012345678901234567890\n',
  'a: b\r\nc:\r\n- d\r\n',
];

const refusedOrSame = [
  'a: >\n  folded\n  text\n',
  'a: one\n  two\n',
  'a: &x 1\nb: *x\n',
  'a: !!str 1\n',
  '<<: {a: b}\n',
  '? a\n: b\n',
  'a: b: c\n',
  '  a: 1\nb: -2\n',
  'a: 1\na: 2\n',
  'a:\n\t- b\n',
  'a: [1,\n  2]\n',
  'a: "one\n  two"\n',
  'a: -0\nb: .inf\nc: 0x1F\nd: 0o17\n',
  '__proto__: 1\n',
  'constructor: 1\ntoString: 2\n',
  'a: |2\n   x\n',
  'a: |\n  x',
  'a:\n    b: 1\n  c: 2\n',
  '- a\nb: c\n',
  'a: "x" y\n',
  'a: @b\n',
  'a: ]\n',
  '"a": b\n a: c\n',
  'a: #b\n',
  'true: 1\nnull: 2\n1.0: 3\n',
  '{a: 1, a: 2}',
  '[a, ]',
  '{a}',
  '[a: b]',
  'a:b\n',
  '- - - a\n    - b\n',
  '...\na: b\n',
  '--- {a: b}\n',
];

it.each(readable)('reads %j itself', (text) => {
  expect(expectSame(text)).toBe(true);
});

it.each(refusedOrSame)('does not get %j wrong', (text) => {
  expectSame(text);
});

it('means the same as the complete parser for whatever is written in YAML', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('yes', '1', '-', '- a', 'a: b', '#', ' x ', 'null', '|', 'a\nb\n', '\t', '---', '1.10', '0x1'),
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('node'), { maxLength: 4 }),
    map: fc.dictionary(text, tie('node'), { maxKeys: 4 }),
  })).map;
  let read = 0;
  fc.assert(
    fc.property(value, fc.constantFrom(0, 80), fc.boolean(), (json, lineWidth, isJson) => {
      const written = isJson ? JSON.stringify(json, null, 2) : stringify(json, { lineWidth });
      if (expectSame(written)) read++;
    }),
    { numRuns: 300 },
  );
  expect(read).toBeGreaterThan(100);
});

it('means the same as the complete parser for damaged configuration', () => {
  const sample = readable.join('') + refusedOrSame.join('');
  const piece = fc.tuple(fc.nat(sample.length), fc.integer({ min: 1, max: 40 })).map(([at, length]) => sample.slice(at, at + length));
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.constantFrom('\n', '  ', '- ', ': ', '"', '|', '#', '{', ']')), { maxLength: 6 }), (pieces) => {
      for (const part of splitDocuments(pieces.join(''))) if (part) expectSame(part.text);
    }),
    { numRuns: 500 },
  );
});

const corpus = process.env['COXSWAIN_CONFORMANCE'] ?? join(import.meta.dirname, '../../../../shared/conformance');

it.skipIf(!existsSync(corpus))('means the same as the complete parser for the samples of the conformance data', () => {
  let documents = 0;
  let read = 0;
  for (const file of globSync(join(corpus, 'samples/files/**/*.yaml'))) {
    for (const part of splitDocuments(readFileSync(file, 'utf8'))) {
      if (!part) continue;
      documents++;
      if (expectSame(part.text)) read++;
    }
  }
  expect(read / documents).toBeGreaterThan(0.9);
});
