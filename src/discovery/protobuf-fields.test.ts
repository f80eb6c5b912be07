import { describe, expect, it } from 'vitest';
import { fieldHeader, stringField } from './protobuf-fields.ts';

describe('protobuf fields', () => {
  it('writes tag and length as varints', () => {
    expect([...fieldHeader(2, 3)]).toEqual([0x12, 3]);
    expect([...fieldHeader(2, 300)]).toEqual([0x12, 0xac, 0x02]);
    expect([...fieldHeader(16, 127)]).toEqual([0x82, 0x01, 127]);
    expect([...fieldHeader(1, 2 ** 31)]).toEqual([0x0a, 0x80, 0x80, 0x80, 0x80, 0x08]);
  });

  it('writes strings in UTF-8, and leaves the empty one out', () => {
    expect([...stringField(1, 'é')]).toEqual([0x0a, 2, 0xc3, 0xa9]);
    expect(stringField(1, '')).toHaveLength(0);
  });
});
