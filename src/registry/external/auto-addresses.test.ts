import { expect, test } from 'vitest';
import type { ServiceEntry } from '../../schema/service-entry/service-entry.ts';
import { firstSlotOf } from '../addresses/istio-slots.ts';
import { put, type RegistryFixture, registryFixture } from '../registry-fixture.ts';

const dns: Omit<ServiceEntry, 'hosts'> = { resolution: 'DNS', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] };

function v4Of(fixture: RegistryFixture, key: string): string | undefined {
  return fixture.controller.services.get().get(key)?.autoAllocated.v4;
}

test('a host has the address of its hash; defined twice it has the lower of two slots, as in Istio', () => {
  const fixture = registryFixture();
  put(fixture, 'ServiceEntry', 'istio-http', { ...dns, hosts: ['istio.io'] });
  expect(v4Of(fixture, 'default/istio.io')).toBe('240.240.122.168');
  put(fixture, 'ServiceEntry', 'istio-https', { ...dns, hosts: ['istio.io'], ports: [{ number: 443, name: 'https', protocol: 'HTTPS' }] });
  expect(v4Of(fixture, 'default/istio.io')).toBe('240.240.91.120');
});

test.each<[string, Partial<ServiceEntry>, Record<string, string>]>([
  ['addresses of its own', { addresses: ['1.2.3.4'] }, {}],
  ['resolution NONE', { resolution: 'NONE' }, {}],
  ['a wildcard', { hosts: ['*.a.com'] }, {}],
  ['the opt-out label', {}, { 'networking.istio.io/enable-autoallocate-ip': 'False' }],
])('%s: none', (_, change, labels) => {
  const fixture = registryFixture();
  put(fixture, 'ServiceEntry', 'a', { ...dns, hosts: ['a.com'], ...change }, { labels });
  expect([...fixture.controller.services.get().values()].map((service) => service.autoAllocated)).toEqual([{}]);
});

test('a wildcard with DYNAMIC_DNS has one', () => {
  const fixture = registryFixture();
  put(fixture, 'ServiceEntry', 'a', { ...dns, hosts: ['*.a.com'], resolution: 'DYNAMIC_DNS' });
  expect(v4Of(fixture, 'default/*.a.com')).toMatch(/^240\.240\./);
});

test('status.addresses wins, and nobody else gets such an address', () => {
  const fixture = registryFixture();
  put(fixture, 'ServiceEntry', 'istio', { ...dns, hosts: ['istio.io'] });
  const addresses = [
    { value: '240.240.122.168', host: 'a.com' },
    { value: '2001:2::1', host: 'a.com' },
    { value: '240.240.0.9', host: 'another' },
  ];
  put(fixture, 'ServiceEntry', 'a', { ...dns, hosts: ['a.com'] }, { status: { addresses } });
  const services = fixture.controller.services.get();
  expect(services.get('default/a.com')?.autoAllocated).toEqual({ v4: '240.240.122.168', v6: '2001:2::1' });
  expect(v4Of(fixture, 'default/istio.io')).toBe('240.240.91.120');
});

test('of two hosts with one hash the older keeps it, and the other moves alone', () => {
  const fixture = registryFixture();
  const [first, second] = collidingHosts();
  put(fixture, 'ServiceEntry', 'b', { ...dns, hosts: [second] }, { createdAt: 1 });
  put(fixture, 'ServiceEntry', 'c', { ...dns, hosts: ['c.com'] }, { createdAt: 1 });
  const before = v4Of(fixture, `default/${second}`);
  const bystander = v4Of(fixture, 'default/c.com');
  put(fixture, 'ServiceEntry', 'a', { ...dns, hosts: [first] }, { createdAt: 2 });
  expect(v4Of(fixture, `default/${second}`)).toBe(before);
  expect(v4Of(fixture, `default/${first}`)).not.toBe(before);
  put(fixture, 'ServiceEntry', 'a', { ...dns, hosts: [first] }, { createdAt: 0 });
  expect(v4Of(fixture, `default/${first}`)).toBe(before);
  expect(v4Of(fixture, `default/${second}`)).not.toBe(before);
  expect(v4Of(fixture, 'default/c.com')).toBe(bystander);
});

function collidingHosts(): readonly [string, string] {
  const hostOfSlot = new Map<number, string>();
  for (let i = 0; i < 10_000; i++) {
    const host = `${(i * 7919).toString(36)}.com`;
    const slot = firstSlotOf(`default/${host}`);
    const other = hostOfSlot.get(slot);
    if (other !== undefined) return [other, host];
    hostOfSlot.set(slot, host);
  }
  throw new Error('no two of these hosts collide');
}

test('no two of a thousand hosts share an address', () => {
  const fixture = registryFixture();
  const hosts = Array.from({ length: 1000 }, (_, i) => `h${i}.com`);
  for (let i = 0; i < hosts.length; i += 100) put(fixture, 'ServiceEntry', `e${i}`, { ...dns, hosts: hosts.slice(i, i + 100) });
  const addresses = [...fixture.controller.services.get().values()].map((service) => service.autoAllocated.v4);
  expect(addresses).not.toContain(undefined);
  expect(new Set(addresses).size).toBe(1000);
});
