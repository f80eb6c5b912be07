import { type Clock, delay } from '../../lib/clock.ts';
import { backoffDelayMs } from '../../lib/retry.ts';
import { TokenBucket } from '../../lib/token-bucket.ts';
import { ConsulClient } from './consul-client.ts';
import { type ConsulCredentials, readCredentials, sameTlsFiles } from './consul-credentials.ts';
import { ConsulFailure, type FailureKind } from './consul-failure.ts';
import { ConsulSession, readsAtOnce } from './consul-session.ts';
import type { ConsulConnection } from './consul-settings.ts';
import type { ConsulSink } from './consul-sink.ts';

export interface ConsulWatcherOptions {
  readonly connection: ConsulConnection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sink: ConsulSink;
  readonly isWanted: (name: string) => boolean;
  /** Told about what does not end anything, such as a token file that cannot be read for a moment. */
  readonly onTrouble: (message: string) => void;
}

const credentialsEveryMs = 5000;
/** What heals by itself is tried again soon: after a restart of Consul the view is to be right within a second. */
const soon = { baseMs: 200, maxMs: 800 };
const later = { baseMs: 500, maxMs: 5000 };
const backoffs: Readonly<Record<FailureKind, typeof soon>> = {
  unreachable: soon,
  broken: soon,
  leaderless: soon,
  rewound: soon,
  denied: later,
  filtered: later,
  throttled: { baseMs: 1000, maxMs: 10_000 },
  refused: later,
};

/** Sessions with one Consul, one after the other, until the signal: a failure ends one, and the next begins from nothing. */
export class ConsulWatcher {
  private readonly options: ConsulWatcherOptions;
  /** A Consul whose index goes backwards again and again must not be read again and again without pause. */
  private readonly sessions: TokenBucket;
  private session = new AbortController();

  constructor(options: ConsulWatcherOptions) {
    this.options = options;
    this.sessions = new TokenBucket(options.clock, 2);
  }

  /** Reads everything anew, at once. */
  relist(): void {
    this.session.abort();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, random, sink } = this.options;
    let failures = 0;
    while (!signal.aborted) {
      await this.sessions.take(signal);
      const startedAt = clock.now();
      try {
        await this.runSession(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ConsulFailure)) throw error;
        sink.failed(error);
        const backoff = backoffs[error.kind];
        failures = clock.now() - startedAt > backoff.maxMs ? 1 : failures + 1;
        if (error.kind !== 'rewound') await delay(clock, backoffDelayMs(backoff, failures, random), signal);
      }
    }
  }

  private async runSession(signal: AbortSignal): Promise<void> {
    const { connection, clock, random, sink, isWanted } = this.options;
    const credentials = await readCredentials(connection);
    const maxSockets = connection.maxWatches + readsAtOnce + 2;
    const client = new ConsulClient({ connection, credentials, clock, maxSockets, onRequest: () => sink.asked() });
    this.session = new AbortController();
    const both = AbortSignal.any([signal, this.session.signal]);
    try {
      const watching = this.watchCredentials(client, credentials, both);
      await Promise.all([new ConsulSession({ client, connection, clock, random, sink, isWanted }).run(both), watching]);
    } finally {
      this.session.abort();
      client.close();
    }
  }

  /** A new token is used from the next request on; new TLS files mean new connections, and so a new session. */
  private async watchCredentials(client: ConsulClient, first: ConsulCredentials, signal: AbortSignal): Promise<void> {
    const { connection, clock, onTrouble } = this.options;
    const hasFiles = [connection.tokenFile, connection.caFile, connection.certFile].some((file) => file !== undefined);
    let trouble = '';
    while (hasFiles && !signal.aborted) {
      await delay(clock, credentialsEveryMs, signal);
      if (signal.aborted) return;
      try {
        const now = await readCredentials(connection);
        trouble = '';
        client.setToken(now.token);
        if (!sameTlsFiles(now, first)) this.session.abort();
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (message !== trouble) onTrouble(`${message}; what it said before stays in use`);
        trouble = message;
      }
    }
  }
}
