import { expect, it } from 'vitest';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';
import { settingsWith } from '../listeners/listener-fixtures.ts';
import { proxyFeatures } from './proxy-features.ts';

function featuresOf(metadata: Readonly<Record<string, unknown>>) {
  const proxy = { metadata, extensions: new Set(), addresses: ['10.0.0.1'], interceptionMode: 'REDIRECT', role: 'sidecar' };
  return proxyFeatures(proxy as unknown as ProxyNode, settingsWith({}));
}

it.each<[object, readonly number[] | undefined]>([
  [{}, undefined],
  [{ ENVOY_STATUS_PORT: 15021, ENVOY_PROMETHEUS_PORT: 15090 }, undefined],
  [{ ENVOY_STATUS_PORT: 16021 }, [16021, 15090]],
  [{ ENVOY_PROMETHEUS_PORT: '16090' }, [15021, 16090]],
  [{ ENVOY_SECURE_METRICS_PORT: 15091, ENVOY_SECURE_MERGED_METRICS_PORT: 15092 }, [15021, 15090, 15091, 15092]],
])('ports of the bootstrap out of %j: %j', (metadata, ports) => {
  expect(featuresOf(metadata as Readonly<Record<string, unknown>>).bootstrapPorts).toEqual(ports);
});
