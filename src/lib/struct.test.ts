import { expect, it } from 'vitest';
import { fromStruct, toStruct } from './struct.ts';

it('keeps JSON as it is, and leaves out what is undefined', () => {
  const json = {
    text: 'a',
    number: 1.5,
    flag: false,
    nothing: null,
    list: [1, ['b'], {}],
    nested: JSON.parse('{"__proto__":"kept"}') as object,
  };
  expect(fromStruct(toStruct({ ...json, gone: undefined }))).toEqual(json);
  expect(Object.keys(toStruct({ gone: undefined }).fields ?? {})).toEqual([]);
  expect(fromStruct(undefined)).toEqual({});
});
