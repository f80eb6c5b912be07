/** Writes the few protobuf fields of the response envelope by hand, around bytes that were encoded elsewhere. */

/** Tag and length of a length-delimited field. */
export function fieldHeader(field: number, byteLength: number): Buffer {
  return Buffer.from([...varint((field << 3) | 2), ...varint(byteLength)]);
}

/** A whole string field; nothing for the empty string, as proto3 has it. */
export function stringField(field: number, text: string): Buffer {
  if (text === '') return Buffer.alloc(0);
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([fieldHeader(field, bytes.length), bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}
