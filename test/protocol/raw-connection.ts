// HTTP/2 frame by frame on a bare socket: for clients that do what Node's own client refuses to do (RFC 9113).
import { connect, type Socket } from 'node:net';

const frameType = { data: 0, headers: 1, settings: 4, ping: 6, goaway: 7 } as const;
const flag = { ack: 1, endHeaders: 4 } as const;
const headerBytes = 9;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export class RawConnection {
  readonly frames: Frame[] = [];
  isClosed = false;
  private readonly socket: Socket;
  private rest = Buffer.alloc(0);

  constructor(address: string) {
    const { hostname, port } = new URL(`http://${address}`);
    this.socket = connect(Number(port), hostname);
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.isClosed = true;
    });
    this.socket.on('data', (bytes) => this.take(bytes));
    this.socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    this.write(frameType.settings, 0, 0, Buffer.alloc(0));
  }

  /** Opens an ADS stream. Client streams have odd numbers, each greater than the last. */
  open(stream: number, variant: 'sotw' | 'delta'): void {
    const method = variant === 'sotw' ? 'StreamAggregatedResources' : 'DeltaAggregatedResources';
    const fields = {
      ':method': 'POST',
      ':scheme': 'http',
      ':path': `/envoy.service.discovery.v3.AggregatedDiscoveryService/${method}`,
      ':authority': 'test',
      'content-type': 'application/grpc',
      te: 'trailers',
    };
    const block = Buffer.concat(Object.entries(fields).flatMap(([name, value]) => [Buffer.from([0]), literal(name), literal(value)]));
    this.write(frameType.headers, flag.endHeaders, stream, block);
  }

  sendBytes(stream: number, message: Uint8Array): void {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    this.write(frameType.data, 0, stream, Buffer.concat([prefix, message]));
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** The last stream that the server will still deal with, by its GOAWAYs so far: later ones are to be opened elsewhere. */
  get lastStream(): number | undefined {
    return this.frames.findLast((frame) => frame.type === frameType.goaway)?.payload.readUInt32BE();
  }

  /** How many messages, or parts of them, came on a stream. */
  dataFrames(stream: number): number {
    return this.frames.filter((frame) => frame.type === frameType.data && frame.stream === stream).length;
  }

  /** Whether the server said anything on a stream. */
  isAnswered(stream: number): boolean {
    return this.frames.some((frame) => frame.stream === stream);
  }

  private take(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes]);
    for (;;) {
      const length = this.rest.length < headerBytes ? Number.POSITIVE_INFINITY : this.rest.readUIntBE(0, 3);
      if (this.rest.length < headerBytes + length) return;
      const payload = this.rest.subarray(headerBytes, headerBytes + length);
      const frame = { type: this.rest.readUInt8(3), flags: this.rest.readUInt8(4), stream: this.rest.readUInt32BE(5), payload };
      this.rest = this.rest.subarray(headerBytes + length);
      this.frames.push(frame);
      const wantsAck = (frame.type === frameType.settings || frame.type === frameType.ping) && (frame.flags & flag.ack) === 0;
      if (wantsAck) this.write(frame.type, flag.ack, 0, frame.type === frameType.ping ? payload : Buffer.alloc(0));
    }
  }

  private write(type: number, flags: number, stream: number, payload: Buffer): void {
    const head = Buffer.alloc(headerBytes);
    head.writeUIntBE(payload.length, 0, 3);
    head.writeUInt8(type, 3);
    head.writeUInt8(flags, 4);
    head.writeUInt32BE(stream, 5);
    if (!this.socket.destroyed) this.socket.write(Buffer.concat([head, payload]));
  }
}

/** A string of HPACK without Huffman coding (RFC 7541, 5.2); none here has 127 bytes or more. */
function literal(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length >= 127) throw new RangeError(`too long: ${text}`);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
