/** Writes the few protobuf fields of the response envelope by hand, around bytes that were encoded elsewhere. */
import { lengthDelimited, lengthOf } from '../lib/wire-field.ts';

/** Tag and length of a length-delimited field. */
export function fieldHeader(field: number, byteLength: number): Buffer {
  const header = Buffer.allocUnsafe(lengthOf(field, byteLength) - byteLength);
  lengthDelimited(header, 0, field, byteLength);
  return header;
}

/** A whole string field; nothing for the empty string, as proto3 has it. */
export function stringField(field: number, text: string): Buffer {
  if (text === '') return Buffer.alloc(0);
  const byteLength = Buffer.byteLength(text);
  const whole = Buffer.allocUnsafe(lengthOf(field, byteLength));
  whole.write(text, lengthDelimited(whole, 0, field, byteLength));
  return whole;
}
