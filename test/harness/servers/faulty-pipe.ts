import type { Socket } from 'node:net';

/** What one direction of one connection suffers. */
export interface PipeFault {
  /** Milliseconds that every chunk is late. */
  readonly delayMs?: number;
  /** Up to so many milliseconds more, at random; the order is kept. */
  readonly jitterMs?: number;
  readonly bytesPerSecond?: number;
  /** So many further bytes arrive, and then the connection ends. */
  readonly cutAfterBytes?: number;
  /** This one of the further bytes arrives with all its bits turned over; 0 is the first. */
  readonly corruptByteAt?: number;
}

/** At most so much is under way at once: a throttle must be felt by the sender. */
const chunkBytes = 16 * 1024;

/** Carries the bytes of one direction, one chunk after the other, and does to them what the fault says. */
export class FaultyPipe {
  private readonly from: Socket;
  private readonly to: Socket;
  private readonly random: () => number;
  private fault: PipeFault = {};
  /** Bytes since the fault was set. */
  private carried = 0;
  private isStalled = false;
  private isStopped = false;
  private wake: (() => void) | undefined;

  constructor(from: Socket, to: Socket, random: () => number) {
    this.from = from;
    this.to = to;
    this.random = random;
  }

  set(fault: PipeFault): void {
    this.fault = fault;
    this.carried = 0;
    this.wake?.();
  }

  /** Holds everything back, without a sign to either side. */
  stall(): void {
    this.isStalled = true;
  }

  flow(): void {
    this.isStalled = false;
    this.wake?.();
  }

  /** Ends this direction only: the receiver is told that no more will come, and what comes is thrown away. */
  endHere(): void {
    this.isStopped = true;
    this.to.end();
    this.flow();
  }

  /** Runs until the sender has said its last. */
  async run(): Promise<void> {
    try {
      // the socket still writes when it has read its last
      for await (const data of this.from.iterator({ destroyOnReturn: false })) {
        const bytes = data as Buffer;
        for (let at = 0; at < bytes.length; at += chunkBytes) await this.carry(bytes.subarray(at, at + chunkBytes));
      }
      await this.whileStalled();
      if (!this.isStopped) this.to.end();
    } catch {
      // either end was cut: the other one learns it from the proxy
    }
  }

  private async carry(chunk: Buffer): Promise<void> {
    await this.late(chunk.length);
    await this.whileStalled();
    if (this.isStopped) return;
    const sent = this.damaged(chunk);
    this.carried += chunk.length;
    const flushed = sent.length === 0 || this.to.write(sent);
    if (this.fault.cutAfterBytes !== undefined && this.carried >= this.fault.cutAfterBytes) return this.cut();
    if (!flushed) await new Promise<void>((resolve) => this.to.once('drain', resolve).once('close', resolve));
  }

  /** What was written before must still arrive, so the receiver's side is ended only then. */
  private cut(): void {
    this.isStopped = true;
    this.to.end(() => this.to.destroy());
    this.from.resetAndDestroy();
  }

  private async late(bytes: number): Promise<void> {
    const { delayMs = 0, jitterMs = 0, bytesPerSecond } = this.fault;
    const ms = delayMs + jitterMs * this.random() + (bytesPerSecond === undefined ? 0 : (bytes / bytesPerSecond) * 1000);
    if (ms > 0) await this.untilWokenOr(ms);
  }

  private async whileStalled(): Promise<void> {
    while (this.isStalled) await this.untilWokenOr(undefined);
  }

  private untilWokenOr(ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      const wake = () => {
        clearTimeout(timer);
        this.to.off('close', wake);
        resolve();
      };
      this.wake = wake;
      this.to.once('close', wake);
    });
  }

  private damaged(chunk: Buffer): Buffer {
    const { cutAfterBytes, corruptByteAt } = this.fault;
    const kept = cutAfterBytes === undefined ? chunk : chunk.subarray(0, Math.max(0, cutAfterBytes - this.carried));
    const index = corruptByteAt === undefined ? -1 : corruptByteAt - this.carried;
    if (index < 0 || index >= kept.length) return kept;
    const copy = Buffer.from(kept);
    copy[index] = ~(copy[index] ?? 0) & 0xff;
    return copy;
  }
}
