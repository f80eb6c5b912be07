import { describe, expect, it } from 'vitest';
import { RefusalBook } from './refusal-book.ts';

function world() {
  let now = 0;
  let changes = 0;
  const book = new RefusalBook(
    () => now,
    () => changes++,
  );
  const lines = () => book.refused().map(({ nodeId, typeUrl, message, names }) => `${nodeId} ${typeUrl} ${[...names].join()}: ${message}`);
  return { book, lines, pass: (ms: number) => (now += ms), changes: () => changes };
}

describe('what proxies refuse', () => {
  it('is what the words name, and all of the response where they name nothing', () => {
    const { book, lines } = world();
    book.refuse('n', 'CDS', ['outbound|80||a', 'outbound|80||a.b', 'c'], 'Error adding/updating cluster(s) outbound|80||a.b: bad port');
    expect(lines()).toEqual(['n CDS outbound|80||a.b: Error adding/updating cluster(s) outbound|80||a.b: bad port']);
    book.refuse('n', 'RDS', ['80', '8080'], 'duplicate domain');
    expect(lines()[1]).toBe('n RDS 80,8080: duplicate domain');
    book.refuse('n', 'LDS', ['0.0.0.0_80', '0.0.0.0_8080'], "error adding listener '0.0.0.0_8080'.");
    expect(lines()[2]).toMatch(/^n LDS 0\.0\.0\.0_8080: /);
  });

  it('stays refused while other resources are accepted', () => {
    const { book, lines, changes } = world();
    book.refuse('n', 'RDS', ['a', 'b'], 'bad');
    book.accept('n', 'RDS', ['c']);
    book.accept('n', 'CDS', ['a', 'b']);
    book.accept('m', 'RDS', ['a', 'b']);
    expect(lines()).toEqual(['n RDS a,b: bad']);
    book.accept('n', 'RDS', ['a']);
    expect(lines()).toEqual(['n RDS b: bad']);
    book.accept('n', 'RDS', ['b', 'x']);
    expect([lines(), book.isEmpty]).toEqual([[], true]);
    expect(changes()).toBeGreaterThanOrEqual(3);
  });

  it('is replaced when the same is refused for another reason', () => {
    const { book, lines } = world();
    book.refuse('n', 'RDS', ['a', 'b'], 'first');
    book.refuse('n', 'RDS', ['b'], 'second');
    expect(lines()).toEqual(['n RDS a: first', 'n RDS b: second']);
  });

  it('survives a reconnect, and not the end of the proxy', () => {
    const { book, lines, pass } = world();
    book.refuse('n', 'RDS', ['a'], 'bad');
    book.keepOnly(new Set());
    pass(30_000);
    book.keepOnly(new Set(['n']));
    pass(3_600_000);
    book.keepOnly(new Set());
    pass(60_000);
    book.keepOnly(new Set());
    expect(lines()).toHaveLength(1);
    pass(1);
    book.keepOnly(new Set());
    expect(lines()).toEqual([]);
  });
});
