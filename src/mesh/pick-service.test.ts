import { expect, test } from 'vitest';
import { asSiblings } from '../model/service.ts';
import { aService } from '../registry/table-registry.ts';
import { pickService, pickServiceForGateway } from './pick-service.ts';

const first = aService({ namespace: 'shop', exportTo: ['.'], createdAt: 1 });
const second = aService({ namespace: 'shop', exportTo: ['pay', '.'], createdAt: 2, resolution: 'DNSLB' });
const third = aService({ namespace: 'shop', exportTo: ['*'], createdAt: 3, resolution: 'Passthrough' });
const entries = asSiblings(first, [second, third]);
const kube = aService({ namespace: 'shop', exportTo: ['.'], createdAt: 4, provider: 'Kubernetes' });

test.each([
  ['shop', 1],
  ['pay', 2],
  ['other', 3],
  ['', 3],
])('%s sees the oldest sibling that is exported to it', (namespace, age) => {
  expect(pickService([entries], namespace)?.createdAt).toBe(age);
  expect(pickServiceForGateway([entries], namespace)?.createdAt).toBe(age);
});

test.each([
  ['shop', 4],
  ['pay', 2],
  ['other', 3],
])('in %s a Kubernetes service stands before its siblings where it is seen', (namespace, age) => {
  expect(pickService([asSiblings(kube, [entries])], namespace)?.createdAt).toBe(age);
  expect(pickServiceForGateway([asSiblings(kube, [entries])], namespace)?.createdAt).toBe(age);
});

test('the own namespace comes before Kubernetes elsewhere', () => {
  const far = aService({ namespace: 'pay', createdAt: 0, provider: 'Kubernetes' });
  expect(pickService([entries, far], 'shop')?.createdAt).toBe(1);
  expect(pickServiceForGateway([entries, far], 'shop')?.createdAt).toBe(0);
  expect(pickService([entries, far], 'other')?.createdAt).toBe(0);
});
