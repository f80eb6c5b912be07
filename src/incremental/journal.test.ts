import { describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';

const names = (count: number, prefix = 'a') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Notes each key in a revision, as a map does that grows by each of them, or shrinks. */
function note(journal: Journal, revision: number, keys: readonly string[], sizeAfter: (index: number) => number): void {
  for (const [index, key] of keys.entries()) journal.note(key, revision, sizeAfter(index));
}

describe('Journal', () => {
  it('tells of each key that went with most of a large map', () => {
    const journal = new Journal(0);
    const keys = names(1_000);
    for (const [index, key] of keys.entries()) journal.note(key, index + 1, index + 1);
    note(journal, 1_001, keys, (index) => 999 - index);
    expect(journal.since(1_000)).toEqual(new Set(keys));
    // and for some time after that
    for (let revision = 1_002; revision < 1_500; revision++) journal.note('b', revision, 1);
    expect(journal.since(1_000)).toEqual(new Set([...keys, 'b']));
  });

  it('knows all of one revision, however much changed in it', () => {
    const journal = new Journal(0);
    note(journal, 1, names(10), (index) => index + 1);
    note(journal, 2, names(5_000, 'b'), () => 10);
    expect(journal.since(1)?.size).toBe(5_000);
  });

  it('forgets whole revisions, the oldest first, and stays bounded', () => {
    const journal = new Journal(0);
    for (let revision = 1; revision <= 10_000; revision++) note(journal, revision, ['a', 'b', 'c'], () => 3);
    const known = Array.from({ length: 10_000 }, (_, revision) => journal.since(revision)).filter((changed) => changed !== undefined);
    expect(known.length).toBeGreaterThan(100);
    expect(known.length).toBeLessThan(1_024);
    for (const changed of known) expect(changed).toEqual(new Set(['a', 'b', 'c']));
  });
});
