/** The head of a length-delimited protobuf field: tag and length as varints (encoding.proto, wire type 2). */

/** Bytes that a field of this number with a body of this length takes. */
export function lengthOf(field: number, bodyLength: number): number {
  return varintLength(field << 3) + varintLength(bodyLength) + bodyLength;
}

/** Writes tag and length at `at`; returns where the body begins. */
export function lengthDelimited(target: Uint8Array, at: number, field: number, bodyLength: number): number {
  return writeVarint(target, writeVarint(target, at, (field << 3) | 2), bodyLength);
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) length += 1;
  return length;
}

function writeVarint(target: Uint8Array, at: number, value: number): number {
  let position = at;
  let rest = value;
  while (rest > 0x7f) {
    target[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[position++] = rest;
  return position;
}
