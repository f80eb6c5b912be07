import { expect, it } from 'vitest';
import type { ConfigSource, ConfigUpdate } from '../config/config-source.ts';
import { countUpdates } from './count-updates.ts';

it("counts every changed object in Istio's words, and hands the update on as it is", async () => {
  const change = (kind: string, isGone = false) => ({
    ref: { kind, namespace: 'n', name: 'a' },
    object: isGone ? undefined : { kind, apiVersion: 'v1', namespace: 'n', name: 'a', labels: {}, annotations: {}, createdAt: 0, spec: {} },
  });
  const update: ConfigUpdate = {
    objects: [
      change('Service'),
      change('ServiceEntry', true),
      change('EndpointSlice'),
      change('Pod', true),
      change('Gateway'),
      change('Gateway', true),
    ],
  };
  const source: ConfigSource = {
    name: 'once',
    start: async (sink) => sink.apply(update),
    hasSynced: () => true,
    positionOf: () => ({ file: 'a.yaml', line: 1, column: 1 }),
  };
  const counted: string[] = [];
  const applied: ConfigUpdate[] = [];
  const wrapped = countUpdates(source, (type) => counted.push(type));
  await wrapped.start({ apply: (each) => applied.push(each) }, new AbortController().signal);
  expect(counted).toEqual(['svc', 'svcdelete', 'eds', 'eds', 'config', 'config']);
  expect(applied).toEqual([update]);
  expect(wrapped.name).toBe('once');
  expect(wrapped.hasSynced()).toBe(true);
  expect(wrapped.positionOf({ kind: 'Service', namespace: 'n', name: 'a' }, [])).toEqual({ file: 'a.yaml', line: 1, column: 1 });
});
