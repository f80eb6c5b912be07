import { expect, it } from 'vitest';
import type { ListWatchStatus } from '../../kubernetes/list-watch/list-watch-status.ts';
import { unreadableKinds } from './unreadable-kinds.ts';

function failing(kind: string, status: number, failures: number, hasSynced = true): ListWatchStatus {
  const counters = { objects: 0, lists: 1, watches: 1, events: 0, errors: failures, shrinks: 0, lagMs: 0 };
  return {
    kind,
    apiVersion: 'v1',
    state: 'Waiting',
    hasSynced,
    failures,
    ...counters,
    lastError: { message: `no ${kind}`, status, at: 1 },
  };
}

it('says once that a server is down, and what that means', () => {
  const kinds = ['Service', 'Pod', 'Node', 'Gateway', 'Sidecar', 'Ingress'];
  const issues = unreadableKinds(
    'https://api',
    kinds.map((kind) => failing(kind, 0, 3)),
  );
  expect(issues).toMatchObject([{ code: 'CXS0110', severity: 'error', hint: expect.stringContaining('asked again') }]);
  expect(issues[0]?.message).toBe(
    'the API server https://api gives no Gateway, Ingress, Node, Pod and 2 more kinds: no Service; what was last read stays in force',
  );
});

it('is silent about what passes by itself, but not before anything was read', () => {
  expect(unreadableKinds('https://api', [failing('Pod', 0, 2)])).toEqual([]);
  expect(unreadableKinds('https://api', [failing('Pod', 0, 1, false)])).toHaveLength(1);
});

it('says at once what is forbidden, and how to allow it', () => {
  const issues = unreadableKinds('https://api', [failing('Pod', 403, 1), failing('Node', 401, 1)]);
  expect(issues.map(({ hint }) => hint)).toEqual([expect.stringContaining('ClusterRole'), expect.stringContaining('credentials')]);
});
