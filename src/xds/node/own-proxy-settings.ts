import { deepEqual } from '../../lib/deep-equal.ts';
import type { OwnProxySettings } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';
import { parseSpec } from '../../schema/field/parse.ts';
import { type ProxySettings, proxySettings } from '../../schema/mesh-config/proxy-settings.ts';

/**
 * What a node's ProxyConfig (metadata PROXY_CONFIG: the mesh's with the pod's annotation `proxy.istio.io/config` laid over it
 * when it was injected) says otherwise than the mesh does. It replaces the mesh's (Istio `ProxyConfigOrDefault`); one that says
 * nothing at all, or nonsense, does not.
 */
export function ownProxySettings({ metadata }: ProxyNode, { config }: MeshSettings): OwnProxySettings | undefined {
  const stated = metadata['PROXY_CONFIG'];
  if (stated === null || typeof stated !== 'object' || Object.keys(stated).length === 0) return undefined;
  const { value } = parseSpec(proxySettings, relevant(stated), []);
  if (value === undefined) return undefined;
  const own = relevant(value);
  return deepEqual(own, relevant(config.defaultConfig ?? {})) ? undefined : own;
}

/** What listeners and route tables look at. */
function relevant({ connectionSettings, gatewayTopology, proxyHeaders, tracing }: ProxySettings): OwnProxySettings {
  return {
    ...(connectionSettings && { connectionSettings }),
    ...(gatewayTopology && { gatewayTopology }),
    ...(proxyHeaders && { proxyHeaders }),
    ...(tracing && { tracing }),
  };
}
