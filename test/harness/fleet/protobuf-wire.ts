// The few parts of protobuf's wire format that a fleet of clients needs: hundreds of them must fit in one process.

const lengthDelimited = 2;
const wireBits = 3;

/** Shows every field: its number, and its bytes or its number value. Fixed-width values are passed over. Throws where the bytes are cut short. */
export function eachField(message: Buffer, visit: (field: number, value: Buffer | number) => void): void {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new Error('the message ends within a number');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const wireType = tag & 0x7;
    const field = Math.floor(tag / 2 ** wireBits);
    if (wireType === lengthDelimited) {
      const length = varint();
      if (at + length > message.length) throw new Error('the message ends within a field');
      visit(field, message.subarray(at, at + length));
      at += length;
    } else if (wireType === 0) visit(field, varint());
    else at += wireType === 1 ? 8 : 4;
  }
}

/** Every value that lies at the path of field numbers, of which a step may offer several. */
export function valuesAt(message: Buffer, [step = [], ...rest]: readonly (readonly number[])[]): readonly Buffer[] {
  const found: Buffer[] = [];
  eachField(message, (field, value) => {
    if (typeof value === 'number' || !step.includes(field)) return;
    if (rest.length === 0) found.push(value);
    else found.push(...valuesAt(value, rest));
  });
  return found;
}

/** One field that holds bytes or a text. */
export function bytesField(field: number, content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([varintOf(field * 2 ** wireBits + lengthDelimited), varintOf(bytes.length), bytes]);
}

/** One field that holds a number from 0 on. */
export function numberField(field: number, value: number): Buffer {
  return Buffer.concat([varintOf(field * 2 ** wireBits), varintOf(value)]);
}

function varintOf(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
