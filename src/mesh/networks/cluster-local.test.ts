import { expect, it } from 'vitest';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import { clusterLocalHosts } from './cluster-local.ts';

function localsOf(config: MeshConfig, hosts: readonly string[]): readonly string[] {
  const { isClusterLocal } = clusterLocalHosts({ config, domainSuffix: 'cluster.local' });
  return hosts.filter(isClusterLocal);
}

const system = 'kube-dns.kube-system.svc.cluster.local';
const api = 'kubernetes.default.svc.cluster.local';
const istiod = 'istiod.istio-system.svc.cluster.local';
const web = 'web.shop.svc.cluster.local';
const hosts = [system, api, istiod, web];
const defaultConfig = { discoveryAddress: 'istiod.istio-system.svc:15012' };

it('are the API server, kube-system and the control plane unless somebody says otherwise', () => {
  expect(localsOf({ defaultConfig }, hosts)).toEqual([system, api, istiod]);
});

it('are what settings say, the most specific pattern first', () => {
  const local = { settings: { clusterLocal: true }, hosts: ['*.shop.svc.cluster.local'] };
  expect(localsOf({ defaultConfig, serviceSettings: [local] }, [web])).toEqual([web]);
  const not = { settings: { clusterLocal: false }, hosts: ['*.cluster.local', web] };
  expect(localsOf({ defaultConfig, serviceSettings: [local, not] }, hosts)).toEqual([system, api, istiod]);
});

it('lose a default pattern as soon as one host under it is said to be global', () => {
  const global = { hosts: ['other.kube-system.svc.cluster.local', api] };
  expect(localsOf({ defaultConfig, serviceSettings: [global] }, hosts)).toEqual([istiod]);
});
