import { expect, test } from 'vitest';
import type { ObjectRef } from '../../model/object-ref.ts';
import { PendingChanges } from './pending-changes.ts';

const service = (name: string): ObjectRef => ({ kind: 'Service', namespace: 'shop', name });
const names = ({ objects = [] }: ReturnType<PendingChanges['take']>) => objects.map(({ ref }) => ref.name);

test('what is pending goes in parts, each object once, in the order in which they changed first', () => {
  const pending = new PendingChanges();
  expect(pending.isEmpty).toBe(true);
  for (const name of ['b', 'a', 'c', 'b']) pending.remove(service(name));
  expect(names(pending.take(2))).toEqual(['b', 'a']);
  expect(pending.isEmpty).toBe(false);
  pending.remove(service('b'));
  expect(names(pending.take(2))).toEqual(['c', 'b']);
  expect(pending.isEmpty).toBe(true);
  expect(names(pending.take(2))).toEqual([]);
});

test('what is said of an object does not wait for its turn', () => {
  const pending = new PendingChanges();
  for (const name of ['a', 'b']) pending.remove(service(name));
  const issue = { code: 'IST0106', severity: 'error', message: 'wrong', object: service('b') } as const;
  pending.put(service('b'), { issues: [issue] });
  expect([...(pending.take(1).issues ?? [])]).toEqual([['Service/shop/b', [issue]]]);
  expect([...(pending.take(1).issues ?? [])]).toEqual([]);
});
