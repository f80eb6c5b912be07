import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashBytes, hashText } from './hash.ts';

describe('hashBytes', () => {
  it('is the same in every process, wherever the bytes lie', () => {
    const bytes = new TextEncoder().encode('outbound|80||reviews.default.svc.cluster.local');
    const elsewhere = new Uint8Array(bytes.length + 3);
    elsewhere.set(bytes, 3);
    expect(hashBytes(elsewhere.subarray(3))).toBe(hashBytes(bytes));
    expect(hashText('outbound|80||reviews.default.svc.cluster.local')).toBe(hashBytes(bytes));
    expect([hashText(''), hashText('a'), hashText('coxswain')]).toMatchInlineSnapshot(`
      [
        "2p11b3dq9ac3x",
        "0tpbgwa0r22ti",
        "3s4coy81tgt03",
      ]
    `);
  });

  it('tells zeros of different length apart', () => {
    const seen = new Set(Array.from({ length: 64 }, (_, length) => hashBytes(new Uint8Array(length))));
    expect(seen.size).toBe(64);
  });

  it('changes when any one bit changes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), (bytes, n) => {
        const bit = n % (bytes.length * 8);
        const other = bytes.slice();
        other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(hashBytes(other)).not.toBe(hashBytes(bytes));
      }),
    );
  });

  it('does not collide among many similar texts, nor in either half', () => {
    const hashes = Array.from({ length: 50_000 }, (_, i) => hashText(`service-${i}`));
    expect(new Set(hashes).size).toBe(hashes.length);
    const halves = (n: bigint) => [n >> 32n, n & 0xffffffffn];
    const parts = hashes.map((hash) => halves(Array.from(hash).reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n)));
    for (const lane of [0, 1]) expect(new Set(parts.map((part) => part[lane])).size).toBeGreaterThan(hashes.length - 20);
  });
});
