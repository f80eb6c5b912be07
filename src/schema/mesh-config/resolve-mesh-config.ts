/** Lays a partial mesh configuration over the defaults. */

import { compareText } from '../../model/config-object.ts';
import { defaultMeshConfig, type ResolvedMeshConfig, type ResolvedProxySettings } from './default-mesh-config.ts';
import type { ExtensionProvider } from './extension-provider.ts';
import type { MeshConfig } from './mesh-config.ts';
import type { ProxySettings } from './proxy-settings.ts';

/**
 * The effective mesh configuration. As Istio's ApplyMeshConfig does: a field that is set replaces the default whole, except
 * that `defaultConfig` and `defaultProviders` are laid over field by field, `extensionProviders` replace by name or are
 * added, and `trustDomainAliases` are joined, sorted and without doubles. Several documents are applied by passing
 * the outcome of one as the `base` of the next.
 */
export function resolveMeshConfig(partial: MeshConfig, base: ResolvedMeshConfig = defaultMeshConfig): ResolvedMeshConfig {
  return {
    ...base,
    ...partial,
    defaultConfig: mergeProxySettings(base.defaultConfig, partial.defaultConfig ?? {}),
    defaultProviders: { ...base.defaultProviders, ...partial.defaultProviders },
    extensionProviders: mergeProviders(base.extensionProviders, partial.extensionProviders ?? []),
    trustDomainAliases: [...new Set([...base.trustDomainAliases, ...(partial.trustDomainAliases ?? [])])].sort(compareText),
  };
}

/**
 * Lays proxy settings (of the mesh, or of the annotation proxy.istio.io/config) over others: fields replace, `proxyMetadata`
 * and `proxyHeaders` are laid over entry by entry, and of the two ways to name the service one remains.
 */
export function mergeProxySettings(base: ResolvedProxySettings, over: ProxySettings): ResolvedProxySettings {
  const { serviceCluster, tracingServiceName, ...rest } = base;
  const named = over.serviceCluster !== undefined || over.tracingServiceName !== undefined;
  return {
    ...rest,
    ...(named || serviceCluster === undefined ? {} : { serviceCluster }),
    ...(named || tracingServiceName === undefined ? {} : { tracingServiceName }),
    ...over,
    ...(base.proxyMetadata && over.proxyMetadata ? { proxyMetadata: mergeEntries(base.proxyMetadata, over.proxyMetadata) } : {}),
    ...(base.proxyHeaders && over.proxyHeaders ? { proxyHeaders: mergeHeaders(base.proxyHeaders, over.proxyHeaders) } : {}),
  };
}

type ProxyHeaders = NonNullable<ProxySettings['proxyHeaders']>;

/** What Istio keeps of the base where the overlay does not say it; all other header settings are replaced whole. */
function mergeHeaders(base: ProxyHeaders, over: ProxyHeaders): ProxyHeaders {
  const { forwardedClientCert, requestId, attemptCount, server, envoyDebugHeaders } = base;
  const kept: ProxyHeaders = {
    ...(forwardedClientCert === undefined ? {} : { forwardedClientCert }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(attemptCount === undefined ? {} : { attemptCount }),
    ...(server === undefined ? {} : { server }),
    ...(envoyDebugHeaders === undefined ? {} : { envoyDebugHeaders }),
  };
  return { ...kept, ...over };
}

function mergeEntries(base: Readonly<Record<string, string>>, over: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.assign(Object.create(null), base, over);
}

function mergeProviders(base: readonly ExtensionProvider[], added: readonly ExtensionProvider[]): readonly ExtensionProvider[] {
  const merged = [...base];
  for (const provider of added) {
    const at = merged.findIndex((known) => known.name === provider.name);
    if (at < 0) merged.push(provider);
    else merged[at] = provider;
  }
  return merged;
}
