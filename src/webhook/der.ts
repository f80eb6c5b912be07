/** DER (X.690), as far as certificates are written with it. */

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
};

/** One element: tag, length, content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

export function sequence(...content: readonly Uint8Array[]): Buffer {
  return element(tags.sequence, ...content);
}

export function setOf(...content: readonly Uint8Array[]): Buffer {
  return element(tags.set, ...content);
}

/** A context-specific element that holds others. */
export function explicit(number: number, ...content: readonly Uint8Array[]): Buffer {
  return element(0xa0 + number, ...content);
}

/** A context-specific element that holds bytes. */
export function implicit(number: number, content: Uint8Array): Buffer {
  return element(0x80 + number, content);
}

/** Not negative; big-endian. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(first));
  const isSigned = (significant[0] ?? 0) >= 0x80;
  return isSigned ? element(tags.integer, Buffer.from([0]), significant) : element(tags.integer, significant);
}

export const yes = element(tags.boolean, Buffer.from([0xff]));

/** `1.2.840.10045.4.3.2`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(tags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

export function utf8(text: string): Buffer {
  return element(tags.utf8, Buffer.from(text));
}

export function octetString(content: Uint8Array): Buffer {
  return element(tags.octetString, content);
}

export function bitString(content: Uint8Array, unusedBits = 0): Buffer {
  return element(tags.bitString, Buffer.from([unusedBits]), content);
}

/** To the second; X.509 wants two digits of the year before 2050. */
export function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]/g, '').replace(/\..*/, 'Z');
  return Number(text.slice(0, 4)) < 2050
    ? element(tags.utcTime, Buffer.from(text.slice(2)))
    : element(tags.generalizedTime, Buffer.from(text));
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 + bytes.length, ...bytes]);
}

function base128(value: number): readonly number[] {
  const groups = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) groups.unshift(0x80 + (rest % 128));
  return groups;
}
