/**
 * Writes protobuf's wire format from the end of a buffer to its front: a nested message is complete before its length is
 * written, so that nothing is measured twice and nothing moves. Callers write fields in descending order.
 */
export class WireWriter {
  private buffer = Buffer.allocUnsafe(64 * 1024);
  private start = this.buffer.length;

  reset(): void {
    this.start = this.buffer.length;
  }

  /** Bytes written so far: the difference of two readings is the length of what lies between. */
  get length(): number {
    return this.buffer.length - this.start;
  }

  /** A copy of everything written. */
  finish(): Uint8Array {
    const { buffer, start } = this;
    const copy = Buffer.allocUnsafeSlow(buffer.length - start);
    buffer.copy(copy, 0, start);
    return new Uint8Array(copy.buffer);
  }

  /** An unsigned integer below 2^53. */
  varint(value: number): void {
    this.reserve(10);
    const { buffer } = this;
    if (value < 0x80) {
      this.start -= 1;
      buffer[this.start] = value;
      return;
    }
    let size = 2;
    for (let limit = 0x4000; value >= limit; limit *= 0x80) size++;
    this.start -= size;
    let at = this.start;
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) buffer[at++] = (rest % 0x80) | 0x80;
    buffer[at] = rest;
  }

  /** 64 bits in two's complement. */
  varint64(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    const bytes: number[] = [];
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    this.bytes(Uint8Array.from(bytes));
  }

  tag(number: number, wireType: number): void {
    this.varint(number * 8 + wireType);
  }

  fixed32(value: number): void {
    this.reserve(4);
    this.start -= 4;
    this.buffer.writeUInt32LE(value >>> 0, this.start);
  }

  fixed64(value: bigint): void {
    this.reserve(8);
    this.start -= 8;
    this.buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.start);
  }

  float(value: number): void {
    this.reserve(4);
    this.start -= 4;
    this.buffer.writeFloatLE(value, this.start);
  }

  double(value: number): void {
    this.reserve(8);
    this.start -= 8;
    this.buffer.writeDoubleLE(value, this.start);
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length);
    this.start -= value.length;
    this.buffer.set(value, this.start);
  }

  /** UTF-8; a lone surrogate becomes U+FFFD. */
  string(value: string): void {
    const { length } = value;
    if (length > 64) {
      const size = Buffer.byteLength(value);
      this.reserve(size);
      this.start -= size;
      this.buffer.write(value, this.start, size, 'utf8');
      return;
    }
    this.reserve(length * 3);
    const { buffer, start } = this;
    for (let i = length - 1, at = start - 1; i >= 0; i--, at--) {
      const code = value.charCodeAt(i);
      if (code >= 0x80) {
        const size = Buffer.byteLength(value);
        this.start = start - size;
        buffer.write(value, this.start, size, 'utf8');
        return;
      }
      buffer[at] = code;
    }
    this.start = start - length;
  }

  private reserve(size: number): void {
    if (this.start >= size) return;
    const { length } = this;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, length + size + 1024));
    larger.set(this.buffer.subarray(this.start), larger.length - length);
    this.buffer = larger;
    this.start = larger.length - length;
  }
}
