import type { ListWatchStatus } from '../../kubernetes/list-watch/list-watch-status.ts';
import type { Issue } from '../../model/issue.ts';
import { configIssueCodes } from '../issue-codes.ts';

/** Failures in a row of which nothing is said, while something was read before: connections end, servers are restarted. */
const tolerated = 2;
const namedAtMost = 4;

/** What cannot be read at the moment, in one issue for each reason: when a server is down, that is one thing and not thirty. */
export function unreadableKinds(server: string, statuses: readonly ListWatchStatus[]): readonly Issue[] {
  const failing = statuses.filter(isWorthTelling);
  const byStatus = Map.groupBy(failing, ({ lastError }) => reasonOf(lastError?.status ?? 0));
  return [...byStatus].map(([reason, group]) => issueOf(server, reason, group));
}

type Reason = 'unreachable' | 'unknown to it' | 'forbidden' | 'failing';

function isWorthTelling({ lastError, failures, hasSynced }: ListWatchStatus): boolean {
  if (lastError === undefined) return false;
  return lastError.status === 401 || lastError.status === 403 || failures > (hasSynced ? tolerated : 0);
}

function reasonOf(status: number): Reason {
  if (status === 0) return 'unreachable';
  if (status === 401) return 'unknown to it';
  return status === 403 ? 'forbidden' : 'failing';
}

const hints: Readonly<Record<Reason, string>> = {
  unreachable: 'it is asked again all the time; see whether the address is right and the server runs',
  'unknown to it': 'the credentials are wrong or have expired; they are read again with each attempt',
  forbidden: 'allow get, list and watch for these kinds in a ClusterRole of the control plane',
  failing: 'it is asked again all the time',
};

function issueOf(server: string, reason: Reason, failing: readonly ListWatchStatus[]): Issue {
  const names = failing.map(({ kind }) => kind).toSorted();
  const more = names.length > namedAtMost ? ` and ${names.length - namedAtMost} more kinds` : '';
  const stays = failing.some(({ hasSynced }) => hasSynced) ? '; what was last read stays in force' : '';
  const why = failing[0]?.lastError?.message ?? '';
  const message = `the API server ${server} gives no ${names.slice(0, namedAtMost).join(', ')}${more}: ${why}${stays}`;
  return { code: configIssueCodes.unreadableKind, severity: 'error', message, hint: hints[reason] };
}
