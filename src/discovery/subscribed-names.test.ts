import { expect, it } from 'vitest';
import { RequestedNames } from './requested-names.ts';
import type { ResourceView } from './resource-source.ts';
import { SubscribedNames } from './subscribed-names.ts';

const none = () => undefined;
const view: ResourceView = { key: 'test', revision: () => 1, get: none, all: () => new Map(), changedSince: none, absent: none };
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

it('is the same names for every client, shared or not', () => {
  const lists = [names('a', 100), names('b', 100), ['c'], names('a', 120)].map((list) => new RequestedNames(list));
  const expected = new Set<string>();
  const clients = Array.from({ length: 4 }, () => new SubscribedNames());
  for (const [index, list] of lists.entries()) {
    for (const name of list.set(view)) expected.add(name);
    const leaving = [`a${index}`, 'c', 'never'];
    for (const client of clients) client.add(list, view);
    for (const client of clients) {
      expect(new Set(client)).toEqual(expected);
      expect(client.size).toBe(expected.size);
    }
    if (index !== 2) continue;
    const removed = leaving.map((name) => expected.delete(name));
    for (const client of clients) expect(leaving.map((name) => client.remove(name))).toEqual(removed);
    for (const client of clients) expect(leaving.some((name) => client.has(name))).toBe(false);
  }
});

it('lets one client go without the others', () => {
  const list = new RequestedNames(names('a', 100));
  const [one, other] = [new SubscribedNames(), new SubscribedNames()];
  one.add(list, view);
  other.add(list, view);
  expect(one.remove('a1')).toBe(true);
  expect(one.remove('a1')).toBe(false);
  expect([one.has('a1'), other.has('a1'), one.size, other.size]).toEqual([false, true, 99, 100]);
  one.add(new RequestedNames(['a1']), view);
  expect([one.has('a1'), one.size, [...one].length]).toEqual([true, 100, 100]);
  one.replace(new RequestedNames(['z']), view);
  expect([...one]).toEqual(['z']);
});
