import type { ProxyFeatures } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';
import { bootstrapPorts as usualPorts } from '../listeners/reserved-ports.ts';

/** Filters of Istio that stock Envoy does not have; when the node lists its extensions, that list decides. */
const istioFilter = 'envoy.filters.http.istio_stats';
const istioFilterOld = 'istio.stats';

/** What the proxy can do, read from its node, never assumed beyond that: unmodified istio-proxy is the default. */
export function proxyFeatures(proxy: ProxyNode, settings: MeshSettings): ProxyFeatures {
  const { metadata, extensions, addresses } = proxy;
  return {
    workloadCertificates: metadata['WORKLOAD_CERTIFICATES'] !== 'none',
    istioExtensions: extensions.size === 0 ? metadata['WORKLOAD_CERTIFICATES'] !== 'none' : hasIstioFilters(extensions),
    interception: proxy.interceptionMode,
    http10: settings.flags.PILOT_HTTP10 || metadata['HTTP10'] === '1',
    usesAllocatedAddresses: usesAllocatedAddresses(proxy, settings),
    ...((metadata['UNPRIVILEGED_POD'] === 'true' || metadata['UNPRIVILEGED_POD'] === true) && { isUnprivileged: true }),
    ...bootstrapPortsOf(metadata),
    ...(hasStatsLogger(extensions) && { statsLogger: true }),
    ...wasmOf(proxy),
    ...oldIstio(proxy),
    ipv4: addresses.some((address) => !address.includes(':')),
    ipv6: addresses.some((address) => address.includes(':')),
  };
}

/** Ports as its agent states them, in the order of their variables; those that every agent uses are not said. */
function bootstrapPortsOf(metadata: ProxyNode['metadata']): Pick<ProxyFeatures, 'bootstrapPorts'> {
  const stated = (name: string) => Number(metadata[name] ?? 0) || 0;
  const ports = [
    stated('ENVOY_STATUS_PORT') || usualPorts[0],
    stated('ENVOY_PROMETHEUS_PORT') || usualPorts[1],
    stated('ENVOY_SECURE_METRICS_PORT'),
    stated('ENVOY_SECURE_MERGED_METRICS_PORT'),
  ].filter((port) => port > 0);
  return ports.length === usualPorts.length && ports.every((port, i) => port === usualPorts[i]) ? {} : { bootstrapPorts: ports };
}

/** In place of Istio's own filter, never beside it. */
function hasStatsLogger(extensions: ReadonlySet<string>): boolean {
  return extensions.has('envoy.access_loggers.stats') && !hasIstioFilters(extensions);
}

/** Our agent says what certificates it has, and fetches no modules; Istio's does not say, and fetches them. */
function wasmOf({ metadata, extensions }: ProxyNode): Pick<ProxyFeatures, 'wasm'> {
  const hasIstioAgent = metadata['WORKLOAD_CERTIFICATES'] === undefined && (extensions.size === 0 || hasIstioFilters(extensions));
  if (hasIstioAgent) return {};
  return { wasm: extensions.has('envoy.filters.http.wasm') && extensions.has('envoy.wasm.runtime.v8') ? 'files' : 'none' };
}

/** The newest Istio 1.x whose proxies need nothing left out. */
const recentMinor = 30;

function oldIstio({ istioVersion }: ProxyNode): Pick<ProxyFeatures, 'istioMinor'> {
  const [, minor] = /^1\.(\d+)/.exec(istioVersion) ?? [];
  return minor === undefined || Number(minor) >= recentMinor ? {} : { istioMinor: Number(minor) };
}

/** Istio `nodeUsesAutoallocatedIPs`. */
function usesAllocatedAddresses({ metadata, role }: ProxyNode, settings: MeshSettings): boolean {
  const isOn = (name: string) => metadata[name] === true || metadata[name] === 'true';
  const areAllocated = settings.flags.PILOT_ENABLE_IP_AUTOALLOCATE || isOn('DNS_AUTO_ALLOCATE');
  return areAllocated && (isOn('DNS_CAPTURE') || role === 'waypoint');
}

function hasIstioFilters(extensions: ReadonlySet<string>): boolean {
  return extensions.has(istioFilter) || extensions.has(istioFilterOld);
}
