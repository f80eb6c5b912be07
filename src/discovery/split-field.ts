/** One repeated or length-delimited field of an encoded message, apart from the others. */
export interface SplitMessage {
  /** The field's occurrences, tags included: a message in itself. Empty where there is none. */
  readonly field: Buffer;
  /** All other fields, in their order. */
  readonly rest: Buffer;
}

/**
 * Takes a message apart without decoding it. Writers put the occurrences of a field next to each other, so that both halves
 * mostly are views of the message and nothing is copied. Throws RangeError on bytes that are no message.
 */
export function splitField(message: Buffer, field: number): SplitMessage {
  const wanted = (field << 3) | 2;
  const runs: { readonly from: number; readonly to: number; readonly isWanted: boolean }[] = [];
  let runFrom = 0;
  let isWanted = false;
  const cursor: Cursor = { bytes: message, at: 0 };
  while (cursor.at < message.length) {
    const from = cursor.at;
    const tag = varint(cursor);
    if (from > runFrom && (tag === wanted) !== isWanted) {
      runs.push({ from: runFrom, to: from, isWanted });
      runFrom = from;
    }
    isWanted = tag === wanted;
    skipValue(cursor, tag & 7);
  }
  if (cursor.at > message.length) throw new RangeError('the message is cut off');
  runs.push({ from: runFrom, to: message.length, isWanted });
  const join = (which: boolean) => {
    const parts = runs.filter((run) => run.isWanted === which).map((run) => message.subarray(run.from, run.to));
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  };
  return { field: join(true), rest: join(false) };
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

function skipValue(cursor: Cursor, wireType: number): void {
  if (wireType === 2) {
    const length = varint(cursor);
    cursor.at += length;
  } else if (wireType === 0) varint(cursor);
  else if (wireType === 1) cursor.at += 8;
  else if (wireType === 5) cursor.at += 4;
  else throw new RangeError(`wire type ${wireType} is not used in proto3`);
}

function varint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1, bytes = 0; bytes < 10; bytes++, scale *= 0x80) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw new RangeError('the message is cut off');
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
  throw new RangeError('an integer has more than 10 bytes');
}
