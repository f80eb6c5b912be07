import { ConsulFailure, filteredByAcls } from './consul-failure.ts';

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The index to ask with next: at least 1, because 0 would not block, and 1 where the header is no number. */
export function indexOf(headers: Headers): number {
  const value = headers['x-consul-index'];
  if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) return 1;
  return Math.max(1, Number(value));
}

/** Milliseconds since the server that answered heard of its leader; 0 from the leader itself. */
export function lastContactMs(headers: Headers): number {
  const value = Number(headers['x-consul-lastcontact'] ?? 0);
  return Number.isFinite(value) && value > 0 ? value : 0;
}

/** Throws where an answer with status 200 is nevertheless not the truth. */
export function checkHeaders(headers: Headers, what: string, acceptFiltered: boolean): void {
  if (headers['x-consul-knownleader'] === 'false') {
    throw new ConsulFailure('leaderless', `${what}: the server that answered knows no leader, so its answer is ignored`);
  }
  if (!acceptFiltered && headers['x-consul-results-filtered-by-acls'] === 'true') throw filteredByAcls(what);
}
