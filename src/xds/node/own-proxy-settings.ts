import { deepEqual } from '../../lib/deep-equal.ts';
import type { OutboundScope, OwnProxySettings } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';
import { parseSpec } from '../../schema/field/parse.ts';
import { type ProxyHeaders, type ProxySettings, proxySettings } from '../../schema/mesh-config/proxy-settings.ts';

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
  // Istio `resolveConnectionSettings`: these alone are the mesh's where the node says nothing of them.
  const own = relevant({
    ...(config.defaultConfig?.connectionSettings && { connectionSettings: config.defaultConfig.connectionSettings }),
    ...value,
  });
  return deepEqual(own, relevant(config.defaultConfig ?? {})) ? undefined : own;
}

/**
 * What clusters and the routes of sidecars look at, by itself: all that they are made of is shared with the proxies that agree in it.
 * Undefined where that is what the mesh says.
 */
export function ownHeaders(own: OwnProxySettings | undefined, { config }: MeshSettings): OutboundScope['ownHeaders'] {
  if (own === undefined) return undefined;
  const stated = headersBehindListeners(own.proxyHeaders);
  return deepEqual(stated, headersBehindListeners(config.defaultConfig?.proxyHeaders)) ? undefined : { proxyHeaders: stated };
}

/** What is not said is what does not hold, or what holds for everybody. */
function headersBehindListeners(headers: ProxyHeaders | undefined): ProxyHeaders {
  return {
    ...(headers?.attemptCount?.disabled === true && { attemptCount: { disabled: true } }),
    ...(headers?.xForwardedHost?.enabled === true && { xForwardedHost: { enabled: true } }),
    ...(headers?.preserveHttp1HeaderCase === true && { preserveHttp1HeaderCase: true }),
  };
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
