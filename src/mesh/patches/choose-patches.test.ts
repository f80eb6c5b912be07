import { describe, expect, it } from 'vitest';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';
import type { EnvoyFilter, EnvoyObjectPatch } from '../../schema/envoy-filter/envoy-filter.ts';
import { choosePatches, parsePatchKey } from './choose-patches.ts';
import { leavesHostsAlone } from './leaves-hosts-alone.ts';
import { prepareFilter, selectsWorkload } from './prepared-filter.ts';

const clusterPatch: EnvoyObjectPatch = {
  applyTo: 'CLUSTER',
  match: { context: 'SIDECAR_OUTBOUND' },
  patch: { operation: 'MERGE', value: {} },
};

function filter(
  key: string,
  {
    patches = [clusterPatch],
    createdAt = 0,
    ...spec
  }: Partial<EnvoyFilter> & { patches?: readonly EnvoyObjectPatch[]; createdAt?: number } = {},
) {
  const [namespace = '', name = ''] = key.split('/');
  const object = { kind: 'EnvoyFilter', namespace, name, createdAt, spec: { ...spec, configPatches: patches } };
  return prepareFilter(object as unknown as ConfigObject<EnvoyFilter>);
}

const proxy = { role: 'sidecar', namespace: 'shop', istioVersion: '1.32.0', metadata: { A: 'b', N: 1 } } as unknown as ProxyNode;
const chosen = (patches: readonly EnvoyObjectPatch[], of: Partial<ProxyNode> = {}) =>
  choosePatches([filter('shop/f', { patches })], { ...proxy, ...of }, 'root');

describe('patches of a proxy', () => {
  it('are in the order of priority, root namespace, age and name', () => {
    const all = [
      filter('shop/b'),
      filter('shop/a', { createdAt: 5 }),
      filter('root/z', { createdAt: 9 }),
      filter('shop/first', { priority: -1 }),
      filter('root/last', { priority: 3 }),
      filter('shop/c'),
    ];
    const expected = 'shop/first:0;root/z:0;shop/b:0;shop/c:0;shop/a:0;root/last:0';
    expect(choosePatches(all, proxy, 'root')).toEqual({ outboundClusters: expected });
    expect(choosePatches(all.toReversed(), proxy, 'root')).toEqual({ outboundClusters: expected });
  });

  it('are kept apart by what they may touch', () => {
    const of = (
      applyTo: NonNullable<EnvoyObjectPatch['applyTo']>,
      context?: NonNullable<EnvoyObjectPatch['match']>['context'],
      role = 'sidecar',
    ) =>
      Object.keys(
        chosen([{ applyTo, match: { ...(context && { context }) }, patch: { operation: 'ADD', value: {} } }], {
          role: role as ProxyNode['role'],
        }) ?? {},
      );
    expect(of('CLUSTER')).toEqual(['inboundClusters', 'outboundClusters']);
    expect(of('CLUSTER', 'SIDECAR_INBOUND')).toEqual(['inboundClusters']);
    expect(of('CLUSTER', 'GATEWAY')).toEqual([]);
    expect(of('HTTP_FILTER', 'SIDECAR_OUTBOUND')).toEqual(['outboundListeners']);
    expect(of('LISTENER_FILTER')).toEqual(['inboundListeners', 'outboundListeners']);
    expect(of('HTTP_ROUTE')).toEqual(['inboundListeners', 'routes', 'areHostsAlone']);
    expect(of('VIRTUAL_HOST', 'SIDECAR_OUTBOUND')).toEqual(['routes']);
    expect(of('VIRTUAL_HOST', 'GATEWAY', 'router')).toEqual(['routes']);
    expect(of('LISTENER', 'ANY', 'router')).toEqual(['outboundListeners']);
    expect(of('LISTENER', 'SIDECAR_INBOUND', 'router')).toEqual([]);
    expect(of('EXTENSION_CONFIG', 'GATEWAY')).toEqual(['extensions']);
    expect(of('BOOTSTRAP')).toEqual([]);
    expect(of('CLUSTER', 'ANY', 'grpc')).toEqual([]);
    expect(of('CLUSTER', 'WAYPOINT')).toEqual([]);
  });

  it.each([
    ['^1\\.3[0-9].*', true],
    ['1.32', true],
    ['^1\\.31.*', false],
    ['(', false],
    ['x'.repeat(1025), false],
    ['', true],
  ])('of version %j: %s', (proxyVersion, expected) => {
    expect(chosen([{ ...clusterPatch, match: { ...clusterPatch.match, proxy: { proxyVersion } } }]) !== undefined).toBe(expected);
  });

  it('of a version are none for a proxy that states none', () => {
    expect(chosen([{ ...clusterPatch, match: { proxy: { proxyVersion: '.*' } } }], { istioVersion: '' })).toBeUndefined();
  });

  it.each([
    [{ A: 'b' }, true],
    [{ A: 'c' }, false],
    [{ N: '1' }, false],
    [{ A: 'b', X: '' }, false],
  ])('of node metadata %j: %s', (metadata, expected) => {
    expect(chosen([{ ...clusterPatch, match: { proxy: { metadata } } }]) !== undefined).toBe(expected);
  });

  it('name their places in the object', () => {
    expect(chosen([clusterPatch, { ...clusterPatch, match: { context: 'GATEWAY' } }, clusterPatch])).toEqual({
      outboundClusters: 'shop/f:0.2',
    });
    expect(parsePatchKey('shop/f:0.2;root/g:1')).toEqual([
      { object: 'shop/f', indices: [0, 2] },
      { object: 'root/g', indices: [1] },
    ]);
  });
});

describe('patches that leave virtual hosts to themselves', () => {
  const vhost = (applyTo: EnvoyObjectPatch['applyTo'] & string, operation: string, value: object, match: object = {}) =>
    leavesHostsAlone({ applyTo, match: { routeConfiguration: { vhost: match } }, patch: { operation, value } } as EnvoyObjectPatch);
  it.each([
    ['HTTP_ROUTE', 'INSERT_FIRST', {}, {}, true],
    ['CLUSTER', 'ADD', {}, {}, true],
    ['ROUTE_CONFIGURATION', 'MERGE', { response_headers_to_remove: ['x'] }, {}, true],
    ['ROUTE_CONFIGURATION', 'MERGE', { virtualHosts: [] }, {}, false],
    ['VIRTUAL_HOST', 'MERGE', { rate_limits: [] }, {}, true],
    ['VIRTUAL_HOST', 'MERGE', { domains: ['a'] }, {}, false],
    ['VIRTUAL_HOST', 'REPLACE', { name: 'a' }, { name: 'a' }, false],
    ['VIRTUAL_HOST', 'ADD', { name: 'a' }, {}, false],
    ['VIRTUAL_HOST', 'INSERT_FIRST', { name: 'a' }, {}, false],
    ['VIRTUAL_HOST', 'REMOVE', {}, { name: 'a.com:80' }, true],
    ['VIRTUAL_HOST', 'REMOVE', {}, { domainName: '*' }, false],
    ['VIRTUAL_HOST', 'REMOVE', {}, {}, false],
  ] as const)('%s %s %j of %j: %s', (applyTo, operation, value, match, expected) => {
    expect(vhost(applyTo, operation, value, match)).toBe(expected);
  });
});

describe('workloads of an EnvoyFilter', () => {
  const gatewayRef = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'edge' };
  const ofGateway = { 'gateway.networking.k8s.io/gateway-name': 'edge', app: 'web' };
  it.each([
    ['shop/f', {}, {}, true],
    ['shop/f', { workloadSelector: { labels: { app: 'web' } } }, { app: 'web', more: 'x' }, true],
    ['shop/f', { workloadSelector: { labels: { app: 'web' } } }, { app: 'db' }, false],
    ['shop/f', { workloadSelector: {} }, {}, true],
    ['shop/f', { targetRefs: [gatewayRef] }, ofGateway, true],
    ['shop/f', { targetRefs: [gatewayRef] }, { app: 'web' }, false],
    ['root/f', { targetRefs: [gatewayRef] }, ofGateway, false],
    ['shop/f', { targetRefs: [{ ...gatewayRef, name: 'other' }] }, ofGateway, false],
    ['shop/f', { targetRefs: [{ ...gatewayRef, kind: 'Service' }] }, ofGateway, false],
    ['shop/f', { workloadSelector: { labels: { app: 'web' } } }, ofGateway, true],
  ])('%s %j selects %j: %s', (key, spec, labels, expected) => {
    expect(selectsWorkload(filter(key, spec), 'shop', labels)).toBe(expected);
  });
});
