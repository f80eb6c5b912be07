import { describe, expect, it } from 'vitest';
import { stringField } from './protobuf-fields.ts';
import { splitField } from './split-field.ts';

const text = (field: number, ...values: readonly string[]) => Buffer.concat(values.map((value) => stringField(field, value)));

describe('splitField', () => {
  it('takes the occurrences of a field out of a message', () => {
    const message = Buffer.concat([text(1, 'v'), text(3, 'a', 'b'), text(4, 'type'), Buffer.from([0x28, 0x96, 0x01]), text(5, 'n')]);
    const { field, rest } = splitField(message, 3);
    expect(field).toEqual(text(3, 'a', 'b'));
    expect(rest).toEqual(Buffer.concat([text(1, 'v'), text(4, 'type'), Buffer.from([0x28, 0x96, 0x01]), text(5, 'n')]));
  });

  it('takes them together where they are apart', () => {
    const { field, rest } = splitField(Buffer.concat([text(3, 'a'), text(4, 'type'), text(3, 'b')]), 3);
    expect([field, rest]).toEqual([text(3, 'a', 'b'), text(4, 'type')]);
  });

  it('finds nothing in what lacks the field, or is empty', () => {
    expect(splitField(text(4, 'type'), 3)).toEqual({ field: Buffer.alloc(0), rest: text(4, 'type') });
    expect(splitField(Buffer.alloc(0), 3)).toEqual({ field: Buffer.alloc(0), rest: Buffer.alloc(0) });
  });

  it.each([
    ['a text', [0x1a, 5, 0x61]],
    ['a number', [0x28, 0x96]],
    ['a tag', [0x80]],
    ['a fixed number', [0x09, 1, 2]],
  ])('refuses what ends within %s', (_, bytes) => {
    expect(() => splitField(Buffer.from(bytes), 3)).toThrow(RangeError);
  });
});
