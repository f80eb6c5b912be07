import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonChunks, LazyArray, LazyObject } from './json-chunks.ts';

/** The same value twice: made lazy at random places above plain ones, and plain. */
const pair: fc.Arbitrary<{ readonly lazy: unknown; readonly plain: unknown }> = fc.letrec<{ value: { lazy: unknown; plain: unknown } }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 2, noUnicodeString: false }).map((plain) => ({ lazy: plain, plain })),
      fc.array(tie('value'), { maxLength: 4 }).map((items) => ({
        lazy: new LazyArray(items.map(({ lazy }) => lazy)),
        plain: items.map(({ plain }) => plain),
      })),
      fc
        .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z"\n]{1,5}$/), tie('value')), { maxLength: 4, selector: ([key]) => key })
        .map((members) => ({
          lazy: new LazyObject(members.map(([key, { lazy }]) => [key, lazy] as const)),
          plain: Object.fromEntries(members.map(([key, { plain }]) => [key, plain])),
        })),
    ),
  }),
).value;

it.each(['', '    '])('writes what JSON.stringify writes, indented by %j', (indent) => {
  fc.assert(
    fc.property(pair, ({ lazy, plain }) => {
      expect([...jsonChunks(lazy, indent)].join('')).toBe(JSON.stringify(plain, undefined, indent));
    }),
    { numRuns: 200 },
  );
});

it('makes an item only when the piece before it was taken', () => {
  let made = 0;
  function* items() {
    for (;;) yield ++made;
  }
  const pieces = jsonChunks(new LazyObject([['items', new LazyArray(items())]]), '');
  let text = '';
  while (!text.includes('3')) text += pieces.next().value;
  expect(text).toBe('{"items":[1,2,3');
  expect(made).toBe(3);
});
