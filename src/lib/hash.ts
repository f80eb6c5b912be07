/**
 * Content hash for versions and cache keys: equal bytes, equal text, in every process and on every machine. Not for
 * secrets. Two lanes of 32-bit words mixed as in MurmurHash3's x86 variants, 64 bits as 13 characters of base 36.
 * Pure JavaScript, so that rooms without Node can use it.
 */
export function hashBytes(bytes: Uint8Array): string {
  let a = 0x9747b28c ^ bytes.length;
  let b = 0x85ebca77 ^ bytes.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length & ~7;
  let i = 0;
  for (; i < end; i += 8) {
    const x = view.getInt32(i, true);
    const y = view.getInt32(i + 4, true);
    a = mixWord(a, x, 0xcc9e2d51, 0x1b873593) + b;
    b = mixWord(b, y, 0x239b961b, 0xab0e9789) + a;
  }
  let x = 0;
  let y = 0;
  for (let shift = 0; i < bytes.length; i++, shift += 8) {
    const byte = bytes[i] ?? 0;
    if (shift < 32) x |= byte << shift;
    else y |= byte << (shift - 32);
  }
  a = mixWord(a, x, 0xcc9e2d51, 0x1b873593) + b;
  b = mixWord(b, y, 0x239b961b, 0xab0e9789) + a;
  a = avalanche(a + b);
  b = avalanche(b + a);
  a = avalanche(a + b);
  return toBase36(a >>> 0, b >>> 0);
}

/** `hashBytes` of the text in UTF-8. */
export function hashText(text: string): string {
  return hashBytes(new TextEncoder().encode(text));
}

function mixWord(hash: number, word: number, c1: number, c2: number): number {
  const k = Math.imul(word, c1);
  const mixed = hash ^ Math.imul((k << 15) | (k >>> 17), c2);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function avalanche(hash: number): number {
  let h = hash | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function toBase36(high: number, low: number): string {
  return ((BigInt(high) << 32n) | BigInt(low)).toString(36).padStart(13, '0');
}
