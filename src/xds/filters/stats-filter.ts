import type { FilterContext } from './listener-class.ts';
import { type TypedFilter, typedFilter } from './typed-filter.ts';

/**
 * Istio's metrics, one filter per Prometheus provider among MeshConfig.defaultProviders, the same for requests and for
 * connections (Istio `buildHTTPTelemetryFilter`). Where clients choose the host header it is not taken for a destination.
 */
export function statsFilters({ class: listenerClass, scope, settings }: FilterContext): readonly TypedFilter[] {
  if (!scope.features.istioExtensions) return [];
  const { defaultProviders, extensionProviders = [] } = settings.config;
  const names = new Set(defaultProviders?.metrics ?? []);
  const providers = extensionProviders.filter(({ name, prometheus }) => prometheus !== undefined && names.has(name ?? ''));
  const config = listenerClass === 'sidecar-outbound' ? {} : { disable_host_header_fallback: true };
  return providers.map(() => typedFilter('istio.stats', 'stats.PluginConfig', config));
}
