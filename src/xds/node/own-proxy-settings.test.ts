import { describe, expect, it } from 'vitest';
import { settingsWith } from '../listeners/listener-fixtures.ts';
import { ownHeaders, ownProxySettings } from './own-proxy-settings.ts';

const settings = settingsWith({ defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } });

function ownOf(stated: unknown) {
  return ownProxySettings({ metadata: { PROXY_CONFIG: stated } } as unknown as Parameters<typeof ownProxySettings>[0], settings);
}

describe('ownProxySettings', () => {
  it('is what the node says otherwise than the mesh', () => {
    expect(ownOf({ configPath: '/etc', gatewayTopology: { numTrustedProxies: 2 } })).toEqual({ gatewayTopology: { numTrustedProxies: 2 } });
    expect(ownOf({ configPath: '/etc' })).toEqual({});
  });

  it('has the connection settings of the mesh where the node has none', () => {
    const connectionSettings = { httpIdleTimeout: '5s' };
    const withConnections = settingsWith({ defaultConfig: { connectionSettings } });
    const node = { metadata: { PROXY_CONFIG: { configPath: '/etc', proxyHeaders: { preserveHttp1HeaderCase: true } } } };
    const own = ownProxySettings(node as unknown as Parameters<typeof ownProxySettings>[0], withConnections);
    expect(own).toEqual({ connectionSettings, proxyHeaders: { preserveHttp1HeaderCase: true } });
  });

  it('is nothing where the node agrees, says nothing, or talks nonsense', () => {
    for (const stated of [{ configPath: '/etc', gatewayTopology: { numTrustedProxies: 1 } }, {}, undefined, 'x', { gatewayTopology: 7 }])
      expect(ownOf(stated)).toBeUndefined();
  });
});

describe('ownHeaders', () => {
  const counted = settingsWith({ defaultConfig: { proxyHeaders: { attemptCount: { disabled: true } } } });

  it('is what clusters and routes look at, where it is not what the mesh says', () => {
    const proxyHeaders = { preserveHttp1HeaderCase: true, server: { value: 'x' } };
    expect(ownHeaders({ proxyHeaders }, settings)).toEqual({ proxyHeaders: { preserveHttp1HeaderCase: true } });
    expect(ownHeaders({}, counted)).toEqual({ proxyHeaders: {} });
  });

  it('is nothing where it comes to the same', () => {
    const proxyHeaders = { attemptCount: { disabled: true }, xForwardedHost: { enabled: false }, server: { value: 'x' } };
    expect(ownHeaders({ proxyHeaders }, counted)).toBeUndefined();
    expect(ownHeaders({ proxyHeaders: { server: { value: 'x' } } }, settings)).toBeUndefined();
    expect(ownHeaders(undefined, counted)).toBeUndefined();
  });
});
