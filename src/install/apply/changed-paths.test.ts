import { expect, it } from 'vitest';
import { changedPaths } from './changed-paths.ts';

it('names what differs, and neither bookkeeping nor status', () => {
  const before = {
    metadata: { name: 'a', resourceVersion: '1', generation: 1, managedFields: [1], labels: { app: 'x' } },
    spec: { replicas: 1, ports: [{ port: 80 }, { port: 81 }], gone: {} },
    status: { ready: 0 },
  };
  const after = {
    metadata: { name: 'a', resourceVersion: '2', generation: 2, managedFields: [], labels: { app: 'y' } },
    spec: { replicas: 1, ports: [{ port: 80 }, { port: 82 }], added: true },
    status: { ready: 1 },
  };
  expect([...changedPaths(before, after)].sort()).toEqual(['metadata.labels.app', 'spec.added', 'spec.gone', 'spec.ports[1].port']);
  expect(changedPaths(before, { ...before, status: {} })).toEqual([]);
});

it('names a list whose length differs as a whole', () => {
  expect(changedPaths({ spec: { hosts: ['a'] } }, { spec: { hosts: ['a', 'b'] } })).toEqual(['spec.hosts']);
});
