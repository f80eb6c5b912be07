import type { Watch } from './watch.ts';

/** One type of one connection, for `/debug/syncz` and `proxy-status`. */
export interface WatchStatus {
  readonly typeUrl: string;
  readonly sentNonce: string;
  readonly sentVersion: string;
  readonly ackedNonce: string;
  readonly ackedVersion: string;
  /** Why the client refused the last response, empty where it did not. */
  readonly lastError: string;
  readonly isWildcard: boolean;
  /** Names asked for one by one. */
  readonly names: number;
  readonly viewKey: string;
  /** Something waits to be sent, for the client to answer or to read. */
  readonly isDue: boolean;
  /** The client has all that the server has for it. */
  readonly isSynced: boolean;
}

/** One stream. */
export interface ConnectionStatus {
  readonly id: string;
  readonly nodeId: string;
  readonly variant: 'sotw' | 'delta';
  readonly peer: string;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  readonly requestsReceived: number;
  readonly responsesSent: number;
  /** In push order. */
  readonly watches: readonly WatchStatus[];
}

export function watchStatus(watch: Watch): WatchStatus {
  return {
    typeUrl: watch.type.url,
    sentNonce: watch.sentNonce,
    sentVersion: watch.sentVersion,
    ackedNonce: watch.ackedNonce,
    ackedVersion: watch.ackedVersion,
    lastError: watch.lastError,
    isWildcard: watch.subscription.wildcard,
    names: watch.subscription.names.size,
    viewKey: watch.view.key,
    isDue: watch.isDue,
    isSynced: watch.isSettled && watch.parting.size === 0 && watch.lastError === '',
  };
}
