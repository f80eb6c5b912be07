import { constants, type Http2Session } from 'node:http2';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { CancelTimer, Clock } from '../lib/clock.ts';

export interface ConnectionAgeOptions {
  readonly clock: Clock;
  /** Of connections, give or take a tenth. */
  readonly ageMs: number;
  /** Until streams that are still open are cut off. */
  readonly graceMs: number;
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number;
}

/** Different ages that connections get. */
const ages = 200;

/**
 * Ends connections at an age (gRPC proposal A9). grpc-js does so too, at ages of any length, and Node keeps a list for every length of
 * a timer until it would have been due, be it cancelled: 150 bytes for half an hour of every connection that came and went. There is
 * no public way to a call's connection: where it is not found, it does not age.
 */
export class ConnectionAge {
  private readonly options: ConnectionAgeOptions;
  private readonly known = new WeakSet<Http2Session>();

  constructor(options: ConnectionAgeOptions) {
    this.options = options;
  }

  /** The connection of the call ages from its first call on. */
  begin(call: ServerDuplexStream<Buffer, Buffer>): void {
    const { stream } = (call as unknown as { readonly call?: { readonly stream?: { readonly session?: Http2Session } } }).call ?? {};
    const session = stream?.session;
    if (session === undefined || session.closed || this.known.has(session)) return;
    this.known.add(session);
    const { clock, ageMs, graceMs, random } = this.options;
    const share = 0.9 + (0.2 * Math.floor(random() * ages)) / ages;
    let cancel: CancelTimer = clock.setTimeout(
      () => {
        if (session.closed) return;
        session.goaway(constants.NGHTTP2_NO_ERROR, lastStreamId, reason);
        session.close();
        cancel = clock.setTimeout(() => session.destroy(), graceMs, { unref: true });
      },
      Math.round(ageMs * share),
      { unref: true },
    );
    session.once('close', () => cancel());
  }
}

/** The largest there is: what was opened until the client hears of it is served too (RFC 9113, 6.8). */
const lastStreamId = 2 ** 31 - 1;
const reason = Buffer.from('max_age');
