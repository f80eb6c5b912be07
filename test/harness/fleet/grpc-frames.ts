const headBytes = 5;

/** One message as gRPC frames it, uncompressed. */
export function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Puts the messages of one stream together out of the pieces in which they come. */
export class FrameReader {
  private readonly onMessage: (message: Buffer) => void;
  private pieces: Buffer[] = [];
  private have = 0;

  constructor(onMessage: (message: Buffer) => void) {
    this.onMessage = onMessage;
  }

  take(piece: Buffer): void {
    this.pieces.push(piece);
    this.have += piece.length;
    while (this.have >= headBytes) {
      const total = headBytes + this.joined(headBytes).readUInt32BE(1);
      if (this.have < total) return;
      const all = this.joined(total);
      this.pieces = all.length > total ? [all.subarray(total)] : [];
      this.have -= total;
      this.onMessage(all.subarray(headBytes, total));
    }
  }

  /** The pieces, put together only as far as is needed: a large message would be copied again for each of its pieces. */
  private joined(bytes: number): Buffer {
    if ((this.pieces[0]?.length ?? 0) < bytes) this.pieces = [Buffer.concat(this.pieces)];
    return this.pieces[0] as Buffer;
  }
}
