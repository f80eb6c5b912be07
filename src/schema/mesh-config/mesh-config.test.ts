import { describe, expect, it } from 'vitest';
import { formatPath } from '../../model/issue.ts';
import { defaultMeshConfig } from './default-mesh-config.ts';
import { parseMeshConfig, parseMeshNetworks } from './parse-mesh-config.ts';
import { mergeProxySettings, resolveMeshConfig } from './resolve-mesh-config.ts';

const say = (issues: ReturnType<typeof parseMeshConfig>['issues']) =>
  issues.map((i) => `${i.severity} ${formatPath(i.path ?? [])}: ${i.message}`);
const mesh = (json: unknown) => say(parseMeshConfig(json).issues);

describe('parseMeshConfig', () => {
  it('gives the defaults for an empty document', () => {
    expect(parseMeshConfig(null)).toEqual({ value: defaultMeshConfig, issues: [] });
  });

  it('replaces fields whole, but lays defaultConfig over field by field', () => {
    const { value } = parseMeshConfig({
      outboundTrafficPolicy: {},
      trustDomain: 'td',
      defaultConfig: { holdApplicationUntilProxyStarts: true, statusPort: 1 },
    });
    expect(value).toEqual({
      ...defaultMeshConfig,
      outboundTrafficPolicy: {},
      trustDomain: 'td',
      defaultConfig: { ...defaultMeshConfig.defaultConfig, holdApplicationUntilProxyStarts: true, statusPort: 1 },
    });
  });

  it('reads every spelling that proto JSON takes', () => {
    expect(
      parseMeshConfig({ meshMTLS: { minProtocolVersion: 'TLSV1_3' }, enable_auto_mtls: false, proxyListenPort: '15002' }).value,
    ).toMatchObject({
      meshMTLS: { minProtocolVersion: 'TLSV1_3' },
      enableAutoMtls: false,
      proxyListenPort: 15002,
    });
  });

  it.each([
    [{ connectTimeout: '2h' }, 'error connectTimeout: must be from 1ms to 1h'],
    [{ proxyListenPort: 0 }, 'error proxyListenPort: must be a port from 1 to 65535, not 0'],
    [{ trustDomain: 'a_b' }, 'error trustDomain: must be a trust domain such as cluster.local, not "a_b"'],
    [{ defaultConfig: { discoveryAddress: 'istiod' } }, 'error defaultConfig.discoveryAddress: must have the form host:port, not "istiod"'],
    [{ defaultConfig: { drainDuration: '1500ms' } }, 'error defaultConfig.drainDuration: must be whole seconds, at least 1s'],
    [
      { defaultConfig: { tracing: { zipkin: { address: 'z' } } } },
      'error defaultConfig.tracing.zipkin.address: must have the form host:port, not "z"',
    ],
    [{ meshMTLS: { ecdhCurves: ['P-256'] } }, 'error meshMTLS.ecdhCurves: is not supported for traffic inside the mesh'],
    [{ tlsDefaults: { ecdhCurves: ['P-1'] } }, 'warning tlsDefaults.ecdhCurves[0]: is no known curve: "P-1"'],
    [
      { extensionProviders: [{ name: 'a', zipkin: { service: 'z.istio-system', port: 0 } }] },
      'warning extensionProviders[3].zipkin.port: must be a port from 1 to 65535, not 0',
    ],
    [{ trustDomian: 'a' }, 'warning trustDomian: unknown field "trustDomian" is ignored'],
    [{ defaultHttpRetryPolicy: 1 }, 'error defaultHttpRetryPolicy: must be an object, not 1'],
  ])('%j', (json, expected) => {
    expect(mesh(json)).toEqual([expected]);
  });
});

describe('discoverySelectors', () => {
  it('must mean something', () => {
    const expression = { key: 'mesh', operator: 'Is', values: ['in'] };
    expect(say(parseMeshConfig({ discoverySelectors: [{ matchExpressions: [expression] }] }).issues)).toEqual([
      'error discoverySelectors[0].matchExpressions[0]: needs an operator: In, NotIn, Exists or DoesNotExist',
    ]);
    const selectors = [{ matchLabels: { mesh: 'in' } }, { matchExpressions: [{ key: 'mesh', operator: 'Exists' }] }];
    expect(parseMeshConfig({ discoverySelectors: selectors }).value?.discoverySelectors).toEqual(selectors);
  });
});

describe('resolveMeshConfig', () => {
  it('merges providers by name, default providers by signal, and trust domain aliases as a set', () => {
    const first = resolveMeshConfig({
      extensionProviders: [
        { name: 'zipkin', zipkin: { service: 'z', port: 1 } },
        { name: 'envoy', envoyFileAccessLog: { path: '/x' } },
      ],
      defaultProviders: { metrics: ['prometheus'] },
      trustDomainAliases: ['b', 'a'],
    });
    const second = resolveMeshConfig({ defaultProviders: { tracing: ['zipkin'] }, trustDomainAliases: ['a', 'c'] }, first);
    expect(second.extensionProviders.map((p) => [p.name, p.envoyFileAccessLog?.path])).toEqual([
      ['prometheus', undefined],
      ['stackdriver', undefined],
      ['envoy', '/x'],
      ['zipkin', undefined],
    ]);
    expect(second.defaultProviders).toEqual({ metrics: ['prometheus'], tracing: ['zipkin'] });
    expect(second.trustDomainAliases).toEqual(['a', 'b', 'c']);
  });

  it('merges proxy metadata and headers, and lets one of the two names of a service win', () => {
    const base = mergeProxySettings(defaultMeshConfig.defaultConfig, {
      proxyMetadata: { A: '1', B: '1' },
      proxyHeaders: { server: { disabled: true } },
    });
    const over = mergeProxySettings(base, {
      proxyMetadata: { B: '2' },
      proxyHeaders: { requestId: { disabled: true } },
      tracingServiceName: 'CANONICAL_NAME_ONLY',
    });
    expect(over.proxyMetadata).toEqual({ A: '1', B: '2' });
    expect(over.proxyHeaders).toEqual({ server: { disabled: true }, requestId: { disabled: true } });
    expect(over.serviceCluster).toBeUndefined();
    expect(base.serviceCluster).toBe('istio-proxy');
    expect(mergeProxySettings(over, { serviceCluster: 'x' })).toMatchObject({ serviceCluster: 'x' });
    expect(mergeProxySettings(over, { serviceCluster: 'x' }).tracingServiceName).toBeUndefined();
  });
});

describe('parseMeshNetworks', () => {
  it('reads networks by name and refuses what cannot work', () => {
    const endpoints = [{ fromRegistry: 'cluster1' }, { fromCidr: '10.0.0.0/8' }];
    const networks = { n1: { endpoints, gateways: [{ address: '1.1.1.1', port: 15443 }] } };
    expect(parseMeshNetworks({ networks })).toEqual({ value: { networks }, issues: [] });
    const bad = { n1: { endpoints: [{ fromCidr: 'x' }], gateways: [{ registryServiceName: 'a_b', port: 0 }] } };
    expect(say(parseMeshNetworks({ networks: bad }).issues)).toEqual([
      'error networks.n1.endpoints[0].fromCidr: must be an IP address or a CIDR block',
      'error networks.n1.gateways[0].registryServiceName: must be a host name (label "a_b" is not valid)',
      'error networks.n1.gateways[0].port: must be a port from 1 to 65535, not 0',
    ]);
  });
});
