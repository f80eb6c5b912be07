import { expect, test } from 'vitest';
import { Engine } from '../../incremental/engine.ts';
import { type ConfigObject, objectKey } from '../../model/config-object.ts';
import type { GatewayServer, IstioGateway } from '../../schema/istio-gateway/istio-gateway.ts';
import { type GatewayMeta, gatewayObject, httpServer, tcpServer } from '../gateways/gateway-fixtures.ts';
import { testSettings } from '../routing/routing-fixtures.ts';
import { gatewayConflicts } from './gateway-conflicts.ts';

function conflicts(scoped = false) {
  const engine = new Engine();
  const objects = engine.table<ConfigObject<IstioGateway>>();
  const flags = { ...testSettings.flags, PILOT_SCOPE_GATEWAY_TO_NAMESPACE: scoped };
  const issues = gatewayConflicts(engine, { written: objects, objects, settings: engine.input({ ...testSettings, flags }) });
  return {
    set: (name: string, server: GatewayServer, meta: GatewayMeta = {}) => {
      const object = gatewayObject([server], { name, ...meta });
      objects.set(objectKey(object), object);
      return objectKey(object);
    },
    delete: (key: string) => objects.delete(key),
    keys: () => [...issues.get().keys()],
  };
}

test('Gateways conflict where a workload is selected by both', () => {
  const gateways = conflicts();
  const all = gateways.set('all', httpServer, { selector: {} });
  gateways.set('more', tcpServer, { selector: { istio: 'ingressgateway', zone: 'a' } });
  gateways.set('other', tcpServer, { selector: { istio: 'egressgateway' } });
  expect(gateways.keys()).toEqual(['default/more', 'default/other']);
  gateways.delete(all);
  expect(gateways.keys()).toEqual([]);
  gateways.set('http', httpServer);
  expect(gateways.keys()).toEqual(['default/more']);
});

test('or, where they hold for workloads of their namespace alone, within a namespace', () => {
  for (const [scoped, found] of [
    [false, ['y/b']],
    [true, []],
  ] as const) {
    const gateways = conflicts(scoped);
    gateways.set('a', httpServer, { namespace: 'x' });
    gateways.set('b', tcpServer, { namespace: 'y' });
    expect(gateways.keys()).toEqual(found);
  }
});
