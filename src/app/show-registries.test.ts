import { expect, test } from 'vitest';
import type { RegistryReport } from '../admin/debug/registry-reports.ts';
import { formatRegistries } from './show-registries.ts';

const now = Date.parse('2026-01-02T03:04:05Z');
const kubernetes: RegistryReport = {
  id: 'Kubernetes',
  provider: 'Kubernetes',
  address: '',
  state: 'Synced',
  services: 12,
  endpoints: 40,
  lagMs: 0,
  conflicts: [],
};
const consul: RegistryReport = {
  id: 'consul-dc1',
  provider: 'Consul',
  address: '10.0.0.1:8500',
  state: 'Stale',
  services: 2,
  endpoints: 4,
  lagMs: 65_250,
  errors: 3,
  lastSuccessAt: '2026-01-02T03:03:00Z',
  lastError: { message: 'connection refused', at: '2026-01-02T03:04:00Z' },
  conflicts: [{ code: 'CXS0202', message: 'port 80 of web is HTTP here and TCP there: HTTP counts' }],
};

test('a line for each registry, and what is wrong', () => {
  expect(formatRegistries([kubernetes, consul], now).split('\n')).toEqual([
    'REGISTRY     PROVIDER     STATE    SERVICES   ENDPOINTS   LAG     LAST SUCCESS   ERRORS   CONFLICTS   ADDRESS',
    'Kubernetes   Kubernetes   Synced   12         40          0.0s    -              -        0           -',
    'consul-dc1   Consul       Stale    2          4           65.3s   65s ago        3        1           10.0.0.1:8500',
    '',
    'consul-dc1: connection refused (5s ago)',
    'consul-dc1: CXS0202 port 80 of web is HTTP here and TCP there: HTTP counts',
    '',
  ]);
});

test.each([
  ['2026-01-02T03:04:06Z', '0s ago'],
  ['2026-01-02T02:04:05Z', '60m ago'],
  ['2026-01-01T03:04:05Z', '24h ago'],
])('%s is %s', (lastSuccessAt, text) => {
  expect(formatRegistries([{ ...kubernetes, lastSuccessAt }], now)).toContain(text);
});
