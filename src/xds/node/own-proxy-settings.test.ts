import { describe, expect, it } from 'vitest';
import { settingsWith } from '../listeners/listener-fixtures.ts';
import { ownProxySettings } from './own-proxy-settings.ts';

const settings = settingsWith({ defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } });

function ownOf(stated: unknown) {
  return ownProxySettings({ metadata: { PROXY_CONFIG: stated } } as unknown as Parameters<typeof ownProxySettings>[0], settings);
}

describe('ownProxySettings', () => {
  it('is what the node says otherwise than the mesh', () => {
    expect(ownOf({ configPath: '/etc', gatewayTopology: { numTrustedProxies: 2 } })).toEqual({ gatewayTopology: { numTrustedProxies: 2 } });
    expect(ownOf({ configPath: '/etc' })).toEqual({});
  });

  it('is nothing where the node agrees, says nothing, or talks nonsense', () => {
    for (const stated of [{ configPath: '/etc', gatewayTopology: { numTrustedProxies: 1 } }, {}, undefined, 'x', { gatewayTopology: 7 }])
      expect(ownOf(stated)).toBeUndefined();
  });
});
