import type { ListWatchStatus } from '../../kubernetes/list-watch/list-watch-status.ts';
import type { RegistryStatus } from '../registry-status.ts';

/** What is known of the connection to a further cluster. */
export interface ClusterConnection {
  readonly address: string;
  readonly hasView: boolean;
  /** Why it cannot be used at all. */
  readonly failure: string | undefined;
  readonly watches: readonly ListWatchStatus[];
}

/** The part of a registry's status that its API server decides about: stale as soon as one kind cannot be read any more. */
export function connectionStatus(
  connection: ClusterConnection,
): Pick<RegistryStatus, 'address' | 'state' | 'lastSuccessAt' | 'lastError' | 'errors' | 'lagMs'> {
  const { address, hasView, failure, watches } = connection;
  const errors = watches.flatMap(({ lastError }) => (lastError ? [lastError] : [])).sort((a, b) => b.at - a.at);
  const isFailing = watches.some(({ failures }) => failures > 0);
  const heard = watches.flatMap(({ heardAt }) => (heardAt === undefined ? [] : [heardAt]));
  const [latest] = errors;
  const lastError = failure === undefined ? latest && { message: latest.message, at: latest.at } : { message: failure, at: 0 };
  return {
    address,
    state: !hasView ? 'Syncing' : isFailing ? 'Stale' : 'Synced',
    ...(hasView && heard.length > 0 ? { lastSuccessAt: Math.max(...heard) } : {}),
    ...(lastError === undefined ? {} : { lastError }),
    errors: watches.reduce((sum, { errors: count }) => sum + count, failure === undefined ? 0 : 1),
    lagMs: Math.max(0, ...watches.map(({ lagMs }) => lagMs)),
  };
}
