import { expect, test } from 'vitest';
import { isIpv4, isIpv6 } from '../../lib/cidr.ts';
import { registrySlots } from './registry-slots.ts';

const { firstSlotOf, slotsOf, addressesOf } = registrySlots;

test('an address of a host', () => {
  expect(addressesOf(firstSlotOf('consul/web.service.consul'))).toEqual({ v4: '241.129.70.146', v6: '2001:2::f181:4692' });
});

test('the first and the last slot', () => {
  expect(addressesOf(0)).toEqual({ v4: '241.0.0.1', v6: '2001:2::f100:0001' });
  expect(addressesOf(256 * 256 * 254 - 1)).toEqual({ v4: '241.255.255.254', v6: '2001:2::f1ff:fffe' });
});

test('neighbours differ, and all are addresses', () => {
  const seen = new Set<string>();
  for (const slot of Iterator.from(slotsOf('a/b')).take(2000)) {
    const { v4, v6 } = addressesOf(slot) ?? { v4: '', v6: '' };
    expect(isIpv4(v4) && isIpv6(v6)).toBe(true);
    expect(v4.endsWith('.0') || v4.endsWith('.255')).toBe(false);
    seen.add(v4).add(v6);
  }
  expect(seen.size).toBe(4000);
});

test('few of ten thousand hosts want the same slot', () => {
  const slots = new Set<number>();
  for (let i = 0; i < 10_000; i++) slots.add(firstSlotOf(`consul/service-${i}.service.consul`));
  expect(slots.size).toBeGreaterThan(9_990);
});
