import { expect, test } from 'vitest';
import { seesWholeNamespace } from './sees-whole-namespace.ts';

test('a Sidecar without egress, or with one listener for everything, sees what its namespace sees', () => {
  expect(seesWholeNamespace({})).toBe(true);
  expect(seesWholeNamespace({ egress: [] })).toBe(true);
  expect(seesWholeNamespace({ egress: [{ hosts: ['*/*'] }] })).toBe(true);
  expect(seesWholeNamespace({ egress: [{ hosts: ['./*', '*/*'], captureMode: 'IPTABLES' }] })).toBe(true);
});

test.each([
  ['names its namespaces', { egress: [{ hosts: ['./*'] }] }],
  ['names hosts', { egress: [{ hosts: ['*/*.example.com'] }] }],
  ['takes something out', { egress: [{ hosts: ['*/*', '~ns/*'] }] }],
  ['opens a port of its own', { egress: [{ hosts: ['*/*'], port: { number: 80, protocol: 'HTTP', name: 'http' } }] }],
  ['listens elsewhere', { egress: [{ hosts: ['*/*'], bind: '127.0.0.1' }] }],
  ['is not redirected to', { egress: [{ hosts: ['*/*'], captureMode: 'NONE' as const }] }],
  ['has two listeners', { egress: [{ hosts: ['*/*'] }, { hosts: ['*/*'] }] }],
  ['says what happens to unknown hosts', { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' as const } }],
])('a Sidecar that %s does not', (_name, spec) => {
  expect(seesWholeNamespace(spec)).toBe(false);
});
