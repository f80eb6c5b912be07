import type { Clock } from '../lib/clock.ts';

export interface SendBudgetOptions {
  readonly clock: Clock;
  /** Large messages that were handed to the transport and have not left: no more bytes than this, or one message. */
  readonly maxBytes: number;
}

/** Of the sending process as a whole, for metrics. */
export interface SendFigures {
  /** Handed to the transport and not written yet. */
  readonly bytesInFlight: number;
  /** Of these, in messages that clients are slow to take. */
  readonly stalledBytes: number;
  /** Streams that have a large message to send and wait for their turn. */
  readonly streamsWaiting: number;
}

/** Smaller messages wait for nobody: changes of endpoints and the like. */
const smallBytes = 32 * 1024;
/** A message that has not left by then does not hold up other streams any longer. */
const stallMs = 100;
/** Of streams whose last large message stalled, so much more than the budget is under way: memory stays limited, whoever does not read. */
const slowFactor = 4;

/**
 * Bytes in flight of the whole process: what hundreds of connecting proxies are sent is handed to the transport piece by piece.
 * Who connected first goes first, so that proxies are finished one after the other; who reads slowly goes last.
 */
export class SendBudget {
  private readonly options: SendBudgetOptions;
  private readonly waiting: SendShare[] = [];
  private opened = 0;
  private inFlight = 0;
  private large = 0;
  private stalled = 0;

  constructor(options: SendBudgetOptions) {
    this.options = options;
  }

  /** The part of one stream. `wake` is called when it may be admitted; it has to ask again, and then to pass on. */
  open(wake: () => void): SendShare {
    return new SendShare(this, this.opened++, wake);
  }

  figures(): SendFigures {
    return { bytesInFlight: this.inFlight, stalledBytes: this.stalled, streamsWaiting: this.waiting.length };
  }

  /** Where the answer is no, the stream is woken later. */
  admits(share: SendShare, bytes: number): boolean {
    if (bytes <= smallBytes) return true;
    this.leave(share);
    const ahead = this.waiting[0];
    if (this.hasRoom(share, bytes) && !(ahead && isBefore(ahead, share))) return true;
    share.wantedBytes = bytes;
    const at = this.waiting.findIndex((other) => isBefore(share, other));
    this.waiting.splice(at < 0 ? this.waiting.length : at, 0, share);
    return false;
  }

  /** Counts a message that is handed over now. Call the result once it has left, or never will. */
  take(share: SendShare, bytes: number): () => void {
    this.inFlight += bytes;
    if (bytes <= smallBytes) return () => (this.inFlight -= bytes);
    let isStalled = false;
    this.large += bytes;
    const cancel = this.options.clock.setTimeout(
      () => {
        isStalled = true;
        share.isSlow = true;
        this.large -= bytes;
        this.stalled += bytes;
        this.wakeNext();
      },
      stallMs,
      { unref: true },
    );
    return () => {
      cancel();
      this.inFlight -= bytes;
      if (isStalled) this.stalled -= bytes;
      else this.large -= bytes;
      share.isSlow = isStalled;
      this.wakeNext();
    };
  }

  leave(share: SendShare): void {
    const at = this.waiting.indexOf(share);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  private hasRoom({ isSlow }: SendShare, bytes: number): boolean {
    const { maxBytes } = this.options;
    if (isSlow && this.stalled > 0 && this.stalled + bytes > maxBytes * slowFactor) return false;
    return this.large === 0 || this.large + bytes <= maxBytes;
  }

  /** Wakes who is first, where there is room for it. */
  wakeNext(): void {
    const next = this.waiting[0];
    if (!next || !this.hasRoom(next, next.wantedBytes)) return;
    this.waiting.shift();
    next.wake();
  }
}

/** What one stream may send of the budget. */
export class SendShare {
  /** Its last large message stalled. */
  isSlow = false;
  wantedBytes = 0;
  readonly position: number;
  readonly wake: () => void;
  private readonly budget: SendBudget;

  constructor(budget: SendBudget, position: number, wake: () => void) {
    this.budget = budget;
    this.position = position;
    this.wake = wake;
  }

  admits(bytes: number): boolean {
    return this.budget.admits(this, bytes);
  }

  take(bytes: number): () => void {
    return this.budget.take(this, bytes);
  }

  /** Says that the stream has had its turn: where it has left room the next one has it. */
  passOn(): void {
    this.budget.wakeNext();
  }

  close(): void {
    this.budget.leave(this);
    this.passOn();
  }
}

function isBefore(a: SendShare, b: SendShare): boolean {
  return a.isSlow === b.isSlow ? a.position < b.position : b.isSlow;
}
