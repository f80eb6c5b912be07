import { describe, expect, it } from 'vitest';
import { filterNames, isEmpty, mergeNames, nameList, noNames, remaining } from './name-list.ts';

describe('NameList', () => {
  it('holds names in order, each once', () => {
    expect(nameList(['b', 'a', 'b', 'B']).names).toEqual(['B', 'a', 'b']);
  });

  it('merges what is left of both', () => {
    const rest = { names: ['a', 'b', 'c'], from: 1 };
    expect(remaining(mergeNames(rest, nameList(['d', 'c'])))).toEqual(['b', 'c', 'd']);
  });

  it('stays the same object where nothing is added or dropped, so that streams share it', () => {
    const list = nameList(['a', 'b']);
    expect(mergeNames(list, noNames)).toBe(list);
    expect(mergeNames(noNames, list)).toBe(list);
    expect(filterNames(list, () => true)).toBe(list);
    expect(filterNames(list, () => false)).toBe(noNames);
  });

  it('is empty when all are done with', () => {
    expect(isEmpty({ names: ['a'], from: 1 })).toBe(true);
    expect(isEmpty({ names: ['a'], from: 0 })).toBe(false);
  });
});
