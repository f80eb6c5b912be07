import { describe, expect, it } from 'vitest';
import { type GatewayMeta, gatewayObject, httpServer, target } from './gateway-fixtures.ts';
import { listenerPorts, selectGateways } from './selected-gateway.ts';

const gateway = (meta: GatewayMeta) => gatewayObject([httpServer], meta);
const labels = { istio: 'ingressgateway', app: 'x' };
const host = 'ingress.default.svc.cluster.local';
const ofService = { 'internal.istio.io/gateway-service': `other.x,${host}` };

function chosen(metas: readonly GatewayMeta[], targets = [target(80, 8080)], strict = true): readonly string[] {
  const gateways = metas.map((meta, index) => gateway({ name: `gw${index}`, ...meta }));
  return selectGateways(gateways, { labels, targets }, strict).map((each) => each.gateway.name);
}

describe('selectGateways', () => {
  it('takes a selector for a part of the labels; none selects everything', () => {
    expect(chosen([{}, { selector: {} }, { selector: { istio: 'other' } }, { selector: labels }])).toEqual(['gw0', 'gw1', 'gw3']);
  });

  it('a Gateway of a service is for its workloads in the same namespace, whatever the labels', () => {
    expect(chosen([{ annotations: ofService, selector: { no: 'match' } }])).toEqual(['gw0']);
    expect(chosen([{ annotations: ofService, namespace: 'x' }])).toEqual([]);
    expect(chosen([{ annotations: { ...ofService, 'internal.istio.io/parent-namespace': 'default' }, namespace: 'x' }])).toEqual(['gw0']);
    expect(chosen([{ annotations: ofService }], [target(80, 8080, { hostname: 'elsewhere' })])).toEqual([]);
  });

  it('beside managed gateways only their namespaces count', () => {
    const semantics = { 'internal.istio.io/gateway-semantics': 'gateway' };
    const managed = { ...semantics, 'internal.istio.io/service-account-name': 'sa' };
    const metas = [{ annotations: managed }, { namespace: 'x' }, {}, { namespace: 'y', annotations: semantics }];
    expect(chosen(metas)).toEqual(['gw0', 'gw2', 'gw3']);
    expect(chosen(metas, [], false)).toEqual(['gw0', 'gw1', 'gw2', 'gw3']);
    expect(chosen(metas.slice(1))).toEqual(['gw0', 'gw1', 'gw2']);
  });
});

describe('listenerPorts', () => {
  const targets = [target(80, 1, { translates: false }), target(80, 8080), target(80, 9090), target(80, 8080)];
  const select = (byLabels: boolean) => ({ gateway: gateway({}), targets, byLabels });

  it('by labels: the first service that translates, else the port itself', () => {
    expect(listenerPorts(80, select(true))).toEqual([8080]);
    expect(listenerPorts(81, select(true))).toEqual([81]);
    expect(listenerPorts(80, { ...select(true), targets: targets.slice(0, 1) })).toEqual([80]);
  });

  it('by service: every target port, and none for a port that it does not have', () => {
    expect(listenerPorts(80, select(false))).toEqual([1, 8080, 9090]);
    expect(listenerPorts(81, select(false))).toEqual([]);
  });
});
