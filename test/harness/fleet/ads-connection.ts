import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { Socket } from 'node:net';
import { FrameReader, frame } from './grpc-frames.ts';

/** How fast a client reads: whatever comes, so many bytes a second, or nothing at all. */
export type Pace = 'full' | 'none' | number;

export interface AdsConnectionOptions {
  /** `host:port`. */
  readonly address: string;
  readonly pace: Pace;
  readonly onMessage: (message: Buffer) => void;
  /** The stream ended, with the `grpc-status` where the server gave one. Told once, not after `close`. */
  readonly onEnd: (status: number | undefined) => void;
}

/** As pilot-agent has it. Who reads slowly has HTTP/2's default of 64 KiB, so that what it does not read stays with the server. */
const windowBytes = 2 ** 20;
const smallWindowBytes = 2 ** 16 - 1;
const pacedEveryMs = 100;

/** One delta ADS stream on one HTTP/2 connection of its own, without a gRPC library. */
export class AdsConnection {
  private readonly session: ClientHttp2Session;
  private readonly stream: ClientHttp2Stream;
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;
  private status: number | undefined;

  constructor({ address, pace, onMessage, onEnd }: AdsConnectionOptions) {
    const initialWindowSize = pace === 'full' ? windowBytes : smallWindowBytes;
    this.session = connect(`http://${address}`, { settings: { initialWindowSize } });
    this.session.on('error', () => {});
    this.session.on('connect', () => this.session.destroyed || this.session.setLocalWindowSize(initialWindowSize));
    this.stream = this.session.request({
      ':method': 'POST',
      ':path': '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    this.stream.on('error', () => {});
    for (const event of ['response', 'trailers'] as const) this.stream.on(event, (headers: object) => this.noteStatus(headers));
    this.stream.on('close', () => {
      if (this.isOver) return;
      this.close();
      onEnd(this.status);
    });
    const reader = new FrameReader(onMessage);
    this.stream.on('data', (bytes: Buffer) => reader.take(bytes));
    this.setPace(pace);
  }

  send(message: Buffer): void {
    if (!this.isOver) this.stream.write(frame(message));
  }

  setPace(pace: Pace): void {
    clearInterval(this.timer);
    if (pace === 'full') this.stream.resume();
    else this.stream.pause();
    if (typeof pace === 'number') this.timer = setInterval(() => this.readSome((pace * pacedEveryMs) / 1000), pacedEveryMs);
  }

  /** Ends the connection: politely, or as a process that is killed does. */
  close(how: 'FIN' | 'RST' = 'FIN'): void {
    this.isOver = true;
    clearInterval(this.timer);
    const { socket } = this.session as { readonly socket?: Socket };
    if (how === 'RST') socket?.resetAndDestroy();
    this.session.destroy();
  }

  /** Cancels the stream alone, and closes the connection afterwards. */
  cancel(): void {
    this.isOver = true;
    clearInterval(this.timer);
    this.stream.close(constants.NGHTTP2_CANCEL, () => this.session.close());
  }

  private readSome(bytes: number): void {
    this.stream.read(Math.min(bytes, this.stream.readableLength));
  }

  private noteStatus(headers: object): void {
    const status = (headers as Readonly<Record<string, unknown>>)['grpc-status'];
    if (status === undefined) return;
    this.status = Number(status);
    // Our half is open still, and the stream would stay until it is closed too.
    this.stream.close();
  }
}
