import { expect, it } from 'vitest';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';
import { takesVirtualHosts } from './takes-virtual-hosts.ts';

const settings = { flags: { COXSWAIN_VHDS: true } } as MeshSettings;
const proxy = (facts: Partial<ProxyNode>) => ({ role: 'sidecar', envoyVersion: '', istioVersion: '', ...facts }) as ProxyNode;

it.each([
  ['a recent Envoy', { envoyVersion: '1.40.0' }, true],
  ['the first Envoy that can', { envoyVersion: '1.38.0' }, true],
  ['an older Envoy, whatever Istio it says', { envoyVersion: '1.35.9', istioVersion: '1.31.0' }, false],
  ['an istio-proxy by its own version where Envoy states none', { istioVersion: '1.31.0-beta.1' }, true],
  ['an older istio-proxy', { istioVersion: '1.26.3' }, false],
  ['who says nothing of itself', {}, false],
  ['a version that is none', { istioVersion: 'unknown' }, false],
  ['a gateway', { role: 'router', envoyVersion: '1.40.0' }, true],
  ['a gRPC client', { role: 'grpc', istioVersion: '1.31.0' }, false],
] as const)('over delta, %s: %o -> %s', (_who, facts, expected) => {
  expect(takesVirtualHosts(proxy(facts), 'delta', settings)).toBe(expected);
});

it('nobody does in the state of the world, or where it is switched off', () => {
  const recent = proxy({ envoyVersion: '1.40.0' });
  expect(takesVirtualHosts(recent, 'sotw', settings)).toBe(false);
  expect(takesVirtualHosts(recent, 'delta', { flags: { COXSWAIN_VHDS: false } } as MeshSettings)).toBe(false);
});
