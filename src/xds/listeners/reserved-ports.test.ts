import { expect, it } from 'vitest';
import { settingsWith } from './listener-fixtures.ts';
import { canBindToPort } from './reserved-ports.ts';

const scope = { features: { ipv4: true, ipv6: false } };
const wanted = (port: number, bind = '') => ({ bind, port, protocol: 'HTTP', bindToPort: false }) as const;

it('leaves the ports of the bootstrap to the proxy, on the wildcard address alone', () => {
  expect([15021, 15090, 80].map((port) => canBindToPort(wanted(port), scope))).toEqual([false, false, true]);
  expect(canBindToPort(wanted(15021, '10.0.0.1'), scope)).toBe(true);
});

it('goes by the ports that the node states', () => {
  const own = { features: { ...scope.features, bootstrapPorts: [16021, 16090, 16091] } };
  expect([15021, 16021, 16090, 16091].map((port) => canBindToPort(wanted(port), own))).toEqual([true, false, false, false]);
});

it('leaves the ports of redirected traffic alone where settings are given', () => {
  const settings = settingsWith({ proxyListenPort: 25001 });
  expect([25001, 15001, 15006].map((port) => canBindToPort(wanted(port), scope, settings))).toEqual([false, true, false]);
});
