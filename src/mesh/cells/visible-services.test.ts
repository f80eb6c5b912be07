import { expect, test } from 'vitest';
import { Engine } from '../../incremental/engine.ts';
import { asSiblings, type Service, serviceKey } from '../../model/service.ts';
import { aService } from '../../registry/table-registry.ts';
import { visibleServices } from './visible-services.ts';

test('namespaces that see different siblings have their own, all others share', () => {
  const engine = new Engine();
  const services = engine.table<Service>();
  const { everywhere, find, onlyIn, toGateways } = visibleServices(engine, services);
  const first = aService({ namespace: 'shop', exportTo: ['.'], createdAt: 1 });
  const meant = aService({ namespace: 'shop', exportTo: ['pay'], createdAt: 2 });
  const open = aService({ namespace: 'shop', createdAt: 3 });
  const agesIn = (namespace: string) => [...onlyIn(namespace).get().values()].map(({ createdAt }) => createdAt);
  const set = (service: Service) => services.set(serviceKey(service), service);

  set(asSiblings(first, [meant, open]));
  expect([...everywhere.get().values()].map(({ createdAt }) => createdAt)).toEqual([3]);
  expect(['shop', 'pay', 'other'].map(agesIn)).toEqual([[1], [2], []]);
  expect([...toGateways.onlyIn('pay').get().values()].map(({ createdAt }) => createdAt)).toEqual([2]);
  expect(find('other', 'a.com').get()?.createdAt).toBe(3);

  // The first is public, and yet what is exported to a namespace comes before it there.
  set(asSiblings(open, [meant]));
  expect(['shop', 'pay', 'other'].map(agesIn)).toEqual([[], [2], []]);

  set(open);
  expect(agesIn('pay')).toEqual([]);
  expect(find('pay', 'a.com').get()?.createdAt).toBe(3);
});
