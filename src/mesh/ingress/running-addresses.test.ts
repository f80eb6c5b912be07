import { expect, it } from 'vitest';
import { isIpAddress } from '../../lib/cidr.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Pod } from '../../schema/kubernetes/pod.ts';
import { addressesOfPods, addressesOfService, loadBalancerOf } from './running-addresses.ts';

function pod(name: string, node: string, phase = 'Running', istio = 'ingressgateway'): ConfigObject<Pod> {
  const spec = { spec: { nodeName: node }, status: { phase } };
  return { kind: 'Pod', apiVersion: 'v1', name, namespace: 'istio-system', labels: { istio }, annotations: {}, createdAt: 0, spec };
}

it('takes the addresses of a load balancer, and external ones', () => {
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.7' }, { hostname: 'lb.example' }, {}] } };
  expect(addressesOfService({ spec: { type: 'LoadBalancer', externalIPs: ['192.0.2.1'], ports: [] }, status })).toEqual([
    '192.0.2.7',
    'lb.example',
    '192.0.2.1',
  ]);
  expect(addressesOfService({ spec: { type: 'ExternalName', externalName: 'front.example', ports: [] } })).toEqual(['front.example']);
  expect(addressesOfService({})).toEqual([]);
});

it('takes the external addresses of the node of a running pod', () => {
  const external = (address: string) => ({ type: 'ExternalIP', address });
  const nodes = new Map([
    ['far', { status: { addresses: [{ type: 'InternalIP', address: '10.0.0.1' }, external('192.0.2.9'), external('192.0.2.9')] } }],
  ]);
  const find = (pods: readonly ConfigObject<Pod>[]) => addressesOfPods(pods, 'ingressgateway', (name) => nodes.get(name));
  expect(find([pod('b', 'far'), pod('a', 'unknown'), pod('0', 'far', 'Pending'), pod('1', 'far', 'Running', 'other')])).toEqual([
    '192.0.2.9',
  ]);
  expect(find([pod('a', 'far', 'Failed')])).toEqual([]);
});

it('puts addresses before names, each in order, as Istio does', () => {
  expect(loadBalancerOf(['b.example', '192.0.2.9', 'a.example', '192.0.2.1'], isIpAddress)).toEqual([
    { ip: '192.0.2.1' },
    { ip: '192.0.2.9' },
    { hostname: 'a.example' },
    { hostname: 'b.example' },
  ]);
});
