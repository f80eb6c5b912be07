import { Metadata, type ServerDuplexStream } from '@grpc/grpc-js';

type Call = ServerDuplexStream<Buffer, Buffer>;

/** What is used of an HTTP/2 stream. */
interface RawStream {
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  cork(): void;
  uncork(): void;
  write(bytes: Buffer, written?: () => void): boolean;
}

/** Bytes that go to many streams; at least one part. */
export interface SharedBody {
  readonly parts: readonly Buffer[];
  /** Of all parts. */
  readonly bytes: number;
}

/** A gRPC message begins with one byte that says "not compressed", and its length in four (gRPC over HTTP/2, Length-Prefixed-Message). */
const prefixBytes = 5;

/**
 * Sends `head` and `body` as one message, and calls back once it has left. grpc-js would copy every message twice on its way
 * to the transport; thousands of streams are sent the same body, so that it goes to their HTTP/2 streams as it is. There is no
 * public way to do so: where the stream is not found, grpc-js sends a copy.
 */
export function sendMessage(call: Call, head: Buffer, body: SharedBody, written: () => void): void {
  const stream = rawStream(call);
  if (stream === undefined) {
    call.write(Buffer.concat([head, ...body.parts]), written);
    return;
  }
  // grpc-js ends a stream by itself, with a status that waits behind what the client has not read (a request too large).
  if (stream.destroyed || stream.writableEnded) return;
  call.sendMetadata(new Metadata());
  stream.cork();
  stream.write(withPrefix(head, body));
  const last = body.parts.length - 1;
  for (let i = 0; i < last; i++) stream.write(body.parts[i] as Buffer);
  stream.write(body.parts[last] as Buffer, written);
  stream.uncork();
}

function withPrefix(head: Buffer, { bytes }: SharedBody): Buffer {
  const begin = Buffer.allocUnsafe(prefixBytes + head.length);
  begin[0] = 0;
  begin.writeUInt32BE(head.length + bytes, 1);
  begin.set(head, prefixBytes);
  return begin;
}

function rawStream(call: Call): RawStream | undefined {
  const { stream } = (call as unknown as { readonly call?: { readonly stream?: Partial<RawStream> } }).call ?? {};
  return stream?.cork && stream.uncork && stream.write ? (stream as RawStream) : undefined;
}
