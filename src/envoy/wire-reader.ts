const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Shorter texts are built faster than decoded; V8 keeps longer ones as a tree of their letters, slow to compare and to look up. */
const longestBuilt = 16;

/** Reads protobuf's wire format. Throws RangeError on bytes that are cut off or malformed, TypeError on text that is not UTF-8. */
export class WireReader {
  position = 0;
  private readonly bytes: Buffer;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  /** The low 32 bits, unsigned: tags, lengths, 32-bit integers, enums, booleans. */
  uint32(): number {
    const first = this.bytes[this.position];
    if (first !== undefined && first < 0x80) {
      this.position++;
      return first;
    }
    return Number(BigInt.asUintN(32, this.uint64()));
  }

  uint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.position++];
      if (byte === undefined) throw new RangeError('the message is cut off');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError('an integer has more than 10 bytes');
  }

  fixed32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  fixed64(): bigint {
    return this.view.getBigUint64(this.advance(8), true);
  }

  float(): number {
    return this.view.getFloat32(this.advance(4), true);
  }

  double(): number {
    return this.view.getFloat64(this.advance(8), true);
  }

  /** The end of what follows, from its length. */
  end(limit: number): number {
    const size = this.uint32();
    const end = this.position + size;
    if (end > limit) throw new RangeError('a length reaches past its message');
    return end;
  }

  bytesUntil(end: number): Buffer {
    const from = this.position;
    this.position = end;
    return Buffer.from(this.bytes.subarray(from, end));
  }

  stringUntil(end: number): string {
    const from = this.position;
    this.position = end;
    if (end - from > longestBuilt) return this.decoded(from, end);
    let text = '';
    for (let i = from; i < end; i++) {
      const code = this.bytes[i] ?? 0;
      if (code >= 0x80) return this.decoded(from, end);
      text += String.fromCharCode(code);
    }
    return text;
  }

  /** A TextDecoder takes more than twice as long: it is asked only where a replacement character may stand for a fault. */
  private decoded(from: number, end: number): string {
    const text = this.bytes.toString('utf8', from, end);
    return text.includes('\ufffd') ? utf8.decode(this.bytes.subarray(from, end)) : text;
  }

  skip(wireType: number, limit: number): void {
    if (wireType === 0) this.uint64();
    else if (wireType === 1) this.advance(8);
    else if (wireType === 2) this.position = this.end(limit);
    else if (wireType === 5) this.advance(4);
    else throw new RangeError(`wire type ${wireType} is not used in proto3`);
  }

  private advance(size: number): number {
    const at = this.position;
    if (at + size > this.bytes.length) throw new RangeError('the message is cut off');
    this.position = at + size;
    return at;
  }
}
