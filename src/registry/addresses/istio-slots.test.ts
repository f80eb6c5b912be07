import { expect, test } from 'vitest';
import { addressesOfSlot, firstSlotOf, slotsOf } from './istio-slots.ts';

// Addresses that Istio gives these keys; the IPv6 ones are padded here.
test.each([
  ['/foo.com', '240.240.227.81', '2001:2::f0f0:e351'],
  ['a/a.example.com', '240.240.134.206', '2001:2::f0f0:86ce'],
  ['/a17061.example.com', '240.240.25.11', '2001:2::f0f0:190b'],
  ['b/a.example.com', '240.240.41.100', '2001:2::f0f0:2964'],
])('%s: %s', (key, v4, v6) => {
  expect(addressesOfSlot(firstSlotOf(key))).toEqual({ v4, v6 });
});

test('a host defined twice takes the next slot as well', () => {
  const [first = -1, second = -1] = slotsOf('default/istio.io').take(2);
  expect([addressesOfSlot(first)?.v4, addressesOfSlot(second)?.v4]).toEqual(['240.240.122.168', '240.240.91.120']);
});

test('the probes of a key do not repeat soon', () => {
  expect(new Set(slotsOf('default/a.com').take(1000)).size).toBeGreaterThan(990);
});

test('no two slots share an address, and none ends in .0 or .255', () => {
  const seen = new Set<string>();
  let usable = 0;
  for (let slot = 0; slot < 256 * 254; slot++) {
    const addresses = addressesOfSlot(slot);
    if (!addresses) continue;
    usable++;
    expect(addresses.v4.endsWith('.0') || addresses.v4.endsWith('.255')).toBe(false);
    seen.add(addresses.v4).add(addresses.v6);
  }
  expect(seen.size).toBe(2 * usable);
});
