import { describe, expect, it } from 'vitest';
import { collectReceived } from './collect-received.ts';

const mebibyte = 1024 * 1024;

/** The most memory, in MiB, that 48 MiB of requests took which nobody keeps. */
function mostHeld(received: (bytes: number) => void): number {
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  for (let i = 0; i < 192; i++) {
    received(Buffer.allocUnsafeSlow(mebibyte / 4).length);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  return most / mebibyte;
}

describe('what was received', () => {
  it('is given back every megabyte, and not when the heap is next collected', () => {
    expect(mostHeld(collectReceived())).toBeLessThan(12);
  });
});
