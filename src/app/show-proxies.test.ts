import { expect, test } from 'vitest';
import { typeUrls } from '../envoy/type-urls.ts';
import { formatProxies } from './show-proxies.ts';

const istiod = '127.0.0.1:8080';

test("a line for each proxy in istioctl's words, and what Envoy refuses", () => {
  const resources = {
    [typeUrls.CDS]: { sent: 'a', acked: 'a' },
    [typeUrls.LDS]: { sent: 'b', acked: 'a' },
    [typeUrls.EDS]: { sent: 'c' },
    [typeUrls.RDS]: { sent: 'd', acked: 'c', lastError: 'no such cluster' },
  };
  const web = { cluster_id: 'east', proxy: 'web-1.shop', istio_version: '1.28.0', resources };
  expect(formatProxies([{ istiod, status: web }]).split('\n')).toEqual([
    'NAME         CLUSTER   CDS      LDS     EDS                          RDS    ECDS      ISTIOD           VERSION',
    'web-1.shop   east      SYNCED   STALE   STALE (Never Acknowledged)   NACK   IGNORED   127.0.0.1:8080   1.28.0',
    '',
    'web-1.shop refuses RDS: no such cluster',
    '',
  ]);
});

test('nobody is connected', () => {
  expect(formatProxies([])).toBe('No proxy is connected.\n');
});
