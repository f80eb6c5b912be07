import { describe, expect, it } from 'vitest';
import { filterNames, isEmpty, joinNames, mergeNames, nameList, noNames, remaining } from './name-list.ts';

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

describe('joinNames', () => {
  const names = (prefix: string, count: number) => nameList(Array.from({ length: count }, (_, index) => `${prefix}${1000 + index}`));

  it('keeps lists apart that follow each other, however they come together', () => {
    const [a, b, c] = [names('a', 50), names('b', 50), names('c', 20)] as const;
    const all = joinNames(joinNames(a, b), c);
    expect(all.names).toEqual([...a.names, ...b.names, ...c.names]);
    expect(all.parts?.[0]).toBe(a);
    expect(all.parts?.[1]).toBe(joinNames(b, c));
    expect(joinNames(joinNames(a, b), c)).toBe(all);
  });

  it('does not send what is done with again', () => {
    const [a, b] = [names('a', 80), names('b', 80)] as const;
    const rest = { names: a.names, from: 70 };
    expect(joinNames(rest, b).names).toEqual([...a.names.slice(70), ...b.names]);
    expect(joinNames({ names: a.names, from: 80 }, b)).toBe(b);
  });

  it('merges lists that overlap', () => {
    const [a, b] = [names('a', 80), names('a', 90)] as const;
    expect(joinNames(a, b)).toEqual(b);
    expect(joinNames(b, a).parts).toBeUndefined();
  });
});
