import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { CancelTimer, Clock } from '../lib/clock.ts';
import { type SharedBody, sendMessage } from './send-message.ts';

export interface StreamWriterOptions {
  readonly call: ServerDuplexStream<Buffer, Buffer>;
  readonly clock: Clock;
  /** A message that has not left by then ends the stream: keep-alive does not notice a client that never reads (D3). */
  readonly deadlineMs: number;
  /** Told whenever there is room again. */
  readonly onRoom: () => void;
  readonly onTimeout: () => void;
}

/** More is not handed to the transport before earlier messages have left: grpc-js itself would keep any amount (D3). */
const maxWaitingBytes = 64 * 1024;

/** Writes to one client no faster than it reads. */
export class StreamWriter {
  private readonly options: StreamWriterOptions;
  private waitingBytes = 0;
  private waitingMessages = 0;
  private cancel: CancelTimer | undefined;
  private isClosed = false;

  constructor(options: StreamWriterOptions) {
    this.options = options;
  }

  get hasRoom(): boolean {
    return !this.isClosed && this.waitingBytes < maxWaitingBytes;
  }

  get isIdle(): boolean {
    return this.waitingMessages === 0;
  }

  /** One message. */
  write(head: Buffer, body: SharedBody): void {
    const bytes = head.length + body.bytes;
    this.waitingBytes += bytes;
    this.waitingMessages++;
    if (!this.cancel) this.arm();
    sendMessage(this.options.call, head, body, () => this.onWritten(bytes));
  }

  close(): void {
    this.isClosed = true;
    this.waitingMessages = 0;
    this.cancel?.();
  }

  private onWritten(bytes: number): void {
    if (this.isClosed) return;
    this.waitingBytes -= bytes;
    this.waitingMessages--;
    this.cancel?.();
    this.cancel = undefined;
    if (this.waitingMessages > 0) this.arm();
    if (this.hasRoom) this.options.onRoom();
  }

  private arm(): void {
    this.cancel = this.options.clock.setTimeout(this.options.onTimeout, this.options.deadlineMs, { unref: true });
  }
}
