import { describe, expect, it } from 'vitest';
import { BatchCache, type BatchContent, batchContent } from './batch.ts';

const content = (name: string, version: string, removed: readonly string[] = []): BatchContent =>
  batchContent('type', [{ name, version, any: Buffer.from(version) }], removed);

function counting(maxBytes: number) {
  const encoded: string[] = [];
  const cache = new BatchCache({
    maxBytes,
    encode: (what) => {
      encoded.push(what.resources.map((resource) => resource.name).join());
      return [Buffer.alloc(4), Buffer.alloc(6)];
    },
  });
  return { cache, encoded };
}

describe('BatchCache', () => {
  it('encodes equal content once', () => {
    const { cache, encoded } = counting(100);
    expect(cache.batch(content('a', '1'))).toBe(cache.batch(content('a', '1')));
    expect(encoded).toEqual(['a']);
  });

  it('tells contents apart by type, names, versions and removals', () => {
    const { cache } = counting(1000);
    const contents = [
      content('a', '1'),
      content('b', '1'),
      content('a', '2'),
      content('a', '1', ['b']),
      batchContent('other', content('a', '1').resources),
      batchContent('type', [], ['a', '1']),
    ];
    expect(new Set(contents.map((each) => cache.batch(each).version)).size).toBe(contents.length);
  });

  it('forgets what was used longest ago beyond its bytes', () => {
    const { cache, encoded } = counting(20);
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) cache.batch(content(name, '1'));
    expect(encoded).toEqual(['a', 'b', 'c', 'b']);
  });
});
