import { describe, expect, it } from 'vitest';
import { RequestedNamesReader } from './requested-names.ts';
import type { EncodedResource, ResourceView } from './resource-source.ts';

const viewOf = (...held: readonly string[]): ResourceView => {
  const entries = new Map(held.map((name): [string, EncodedResource] => [name, { name, version: '1', any: Buffer.alloc(0) }]));
  const none = () => undefined;
  return { key: 'test', revision: () => 1, get: (name) => entries.get(name), all: () => entries, changedSince: none, absent: none };
};

function reading() {
  let decoded = 0;
  const reader = new RequestedNamesReader((bytes) => {
    decoded++;
    return bytes.length === 0 ? [] : bytes.toString().split(',');
  });
  return { read: (text: string) => reader.read(Buffer.from(text)), decoded: () => decoded };
}

describe('RequestedNamesReader', () => {
  it('reads a list once, whoever sends it', () => {
    const { read, decoded } = reading();
    const first = read('b,a');
    expect(read('b,a')).toBe(first);
    expect(read('a,b')).not.toBe(first);
    expect(decoded()).toBe(2);
    expect([...first.set(viewOf())].sort()).toEqual(['a', 'b']);
    expect(first.list(viewOf()).names).toEqual(['a', 'b']);
  });

  it('keeps the wildcard apart', () => {
    const { read } = reading();
    const names = read('*,a');
    expect([names.hasWildcard, names.isEmpty, names.list(viewOf()).names]).toEqual([true, false, ['a']]);
    expect([read('').hasWildcard, read('').isEmpty]).toEqual([false, true]);
  });

  it('tells what an earlier list lacks, once for all', () => {
    const { read } = reading();
    const [before, after] = [read('a,b'), read('b,c')];
    const added = after.notIn(before, viewOf());
    expect(added.names).toEqual(['c']);
    expect(after.notIn(before, viewOf())).toBe(added);
    expect(before.notIn(before, viewOf()).names).toEqual([]);
  });

  it('does not take one list for another whose checksum is the same', () => {
    // two texts with the CRC-32 0x4ddb0c25
    const { read } = reading();
    expect(read('plumless').list(viewOf()).names).toEqual(['plumless']);
    expect(read('buckeroo').list(viewOf()).names).toEqual(['buckeroo']);
    expect(read('plumless').list(viewOf()).names).toEqual(['plumless']);
  });
});
