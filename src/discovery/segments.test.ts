import { describe, expect, it } from 'vitest';
import type { EncodedResource } from './resource-source.ts';
import { Segments } from './segments.ts';

const resource = (name: string, version = name.padStart(13, '1')): EncodedResource => ({ name, version, any: Buffer.from(`${name};`) });
const all = Array.from({ length: 200 }, (_, index) => resource(index.toString(36)));

function segments() {
  let encoded = 0;
  const made = new Segments((resources) => {
    encoded += resources.length;
    return Buffer.concat(resources.map(({ any }) => any));
  });
  return { parts: (list: readonly EncodedResource[]) => made.parts(list), encoded: () => encoded };
}

const text = (list: readonly EncodedResource[]) => list.map(({ any }) => any.toString()).join('');

describe('Segments', () => {
  it('encodes every list in full, whatever was encoded before', () => {
    const { parts } = segments();
    const lists = [
      all,
      all.slice(0, 50),
      all.slice(0, 51),
      all,
      all.slice(7),
      all.filter((_, index) => index % 50 !== 9),
      all.slice(0, 1),
      [],
    ];
    for (const list of [...lists, ...lists.reverse()]) expect(Buffer.concat(parts(list)).toString()).toBe(text(list));
  });

  it('shares the parts in which two lists do not differ', () => {
    const { parts, encoded } = segments();
    const first = parts(all);
    expect(first.length).toBeGreaterThan(5);
    const before = encoded();
    const second = parts(all.map((each) => (each.name === '2f' ? resource('2f', '2'.padStart(13, '2')) : each)));
    expect(encoded() - before).toBeLessThan(40);
    expect(second.filter((part) => !first.includes(part)).length).toBeLessThanOrEqual(2);
    expect(parts(all)).toEqual(first);
  });
});
