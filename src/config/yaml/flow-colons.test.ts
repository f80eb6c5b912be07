import { expect, it } from 'vitest';
import { readText } from './read-text.ts';

it.each([
  ['a: [2001:db8::]', ['2001:db8::']],
  ['a: [2001:db8::, b, c: d]', ['2001:db8::', 'b', { c: 'd' }]],
  ['a: [{b: }, c: , "d":]', [{ b: null }, { c: null }, { d: null }]],
])('%s', (text, a) => expect(readText(text)).toEqual({ value: { a }, faults: [] }));
