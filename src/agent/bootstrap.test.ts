import { describe, expect, it } from 'vitest';
import { loadProtos } from '../envoy/protos.ts';
import { type BootstrapSettings, buildBootstrap } from './bootstrap.ts';

const settings: BootstrapSettings = {
  node: {
    role: 'sidecar',
    name: 'web',
    namespace: 'default',
    addresses: ['127.0.1.1'],
    serviceAccount: 'web',
    labels: {},
    istioVersion: '1.32.0',
    workloadCertificates: 'none',
    exitOnZeroActiveConnections: false,
  },
  xds: { host: '127.0.0.1', port: 15010 },
  admin: { host: '127.0.1.1', port: 15000 },
  xdsProtocol: 'delta',
  stats: 'istio',
};
const protos = loadProtos();
const problems = (changed: Partial<BootstrapSettings>) =>
  protos.check('envoy.config.bootstrap.v3.Bootstrap', buildBootstrap({ ...settings, ...changed }));

describe('buildBootstrap', () => {
  it('fits the Bootstrap message in every variant', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ stats: 'all', xdsProtocol: 'sotw', admin: { host: '::1', port: 0 } })).toEqual([]);
  });

  it('speaks delta unless told otherwise', () => {
    const apiType = (xdsProtocol: BootstrapSettings['xdsProtocol']) =>
      buildBootstrap({ ...settings, xdsProtocol }).dynamic_resources?.ads_config?.api_type;
    expect([apiType('delta'), apiType('sotw')]).toEqual(['DELTA_GRPC', 'GRPC']);
  });

  it('resolves the control plane by name only where it is a name', () => {
    const xdsType = (host: string) => buildBootstrap({ ...settings, xds: { host, port: 1 } }).static_resources?.clusters?.at(-1)?.type;
    expect([xdsType('10.0.0.1'), xdsType('::1'), xdsType('istiod.istio-system.svc')]).toEqual(['STATIC', 'STATIC', 'STRICT_DNS']);
  });

  it('has no cluster whose target is unknown', () => {
    const names = (port: number) =>
      buildBootstrap({ ...settings, admin: { host: '127.0.0.1', port } }).static_resources?.clusters?.map((cluster) => cluster.name);
    expect(names(15000)).toEqual(['prometheus_stats', 'xds-grpc']);
    expect(names(0)).toEqual(['xds-grpc']);
  });
});
