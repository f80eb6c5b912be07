import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { CancelTimer, Clock } from '../lib/clock.ts';
import type { SendShare } from './send-budget.ts';
import { type SharedBody, sendMessage } from './send-message.ts';

export interface StreamWriterOptions {
  readonly call: ServerDuplexStream<Buffer, Buffer>;
  readonly clock: Clock;
  /** A message that has not left by then ends the stream: keep-alive does not notice a client that never reads (D3). */
  readonly deadlineMs: number;
  readonly share: SendShare;
  /** Told whenever there is room again. */
  readonly onRoom: () => void;
  readonly onTimeout: () => void;
  /** A message has left, so many milliseconds after it was handed over. */
  readonly onWritten: (tookMs: number) => void;
}

/** More is not handed to the transport before earlier messages have left: grpc-js itself would keep any amount (D3). */
const maxWaitingBytes = 64 * 1024;

interface Waiting {
  readonly bytes: number;
  readonly sinceMs: number;
  readonly release: () => void;
}

/** Writes to one client no faster than it reads. */
export class StreamWriter {
  private readonly options: StreamWriterOptions;
  /** Handed over and not gone, oldest first. */
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private cancel: CancelTimer | undefined;
  private isClosed = false;

  constructor(options: StreamWriterOptions) {
    this.options = options;
  }

  get hasRoom(): boolean {
    return !this.isClosed && this.waitingBytes < maxWaitingBytes;
  }

  get isIdle(): boolean {
    return this.waiting.length === 0;
  }

  /** One message. */
  write(head: Buffer, body: SharedBody): void {
    const bytes = head.length + body.bytes;
    const message: Waiting = { bytes, sinceMs: this.options.clock.now(), release: this.options.share.take(bytes) };
    this.waiting.push(message);
    this.waitingBytes += bytes;
    if (!this.cancel) this.arm();
    sendMessage(this.options.call, head, body, () => this.onWritten());
  }

  close(): void {
    this.isClosed = true;
    this.cancel?.();
    for (const { release } of this.waiting.splice(0)) release();
    this.waitingBytes = 0;
  }

  private onWritten(): void {
    const message = this.isClosed ? undefined : this.waiting.shift();
    if (!message) return;
    const { clock, onRoom, onWritten } = this.options;
    this.waitingBytes -= message.bytes;
    message.release();
    onWritten(clock.now() - message.sinceMs);
    if (this.waiting.length === 0) {
      this.cancel?.();
      this.cancel = undefined;
    }
    if (this.hasRoom) onRoom();
  }

  /** One timer for the oldest message; those after it are looked at when it fires. */
  private arm(): void {
    const { clock, deadlineMs, onTimeout } = this.options;
    const dueMs = (this.waiting[0]?.sinceMs ?? clock.now()) + deadlineMs;
    this.cancel = clock.setTimeout(
      () => {
        if (clock.now() - (this.waiting[0]?.sinceMs ?? clock.now()) >= deadlineMs) onTimeout();
        else this.arm();
      },
      Math.max(1, dueMs - clock.now()),
      { unref: true },
    );
  }
}
