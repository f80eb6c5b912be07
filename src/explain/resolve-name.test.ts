import { expect, it } from 'vitest';
import { searchList } from './resolve-name.ts';

it.each([
  ['web', ['web.shop.svc.cluster.local', 'web.svc.cluster.local', 'web.cluster.local', 'web']],
  ['web.other', ['web.other.shop.svc.cluster.local', 'web.other.svc.cluster.local', 'web.other.cluster.local', 'web.other']],
  ['web.other.svc.cluster.local.', ['web.other.svc.cluster.local']],
])('%s is looked for as a pod does', (host, names) => {
  expect(searchList(host, 'shop', 'cluster.local')).toEqual(names);
});
