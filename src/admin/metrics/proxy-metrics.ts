import { Gauge, type Registry } from 'prom-client';
import type { ConnectionStatus } from '../../discovery/connection-status.ts';
import { shortTypeName, typeUrls } from '../../envoy/type-urls.ts';
import type { ConnectedProxy } from '../connected-proxies.ts';

/** Who is connected and how much they share; looked at when somebody asks for the metrics. */
export function addProxyMetrics(registry: Registry, proxies: () => readonly ConnectedProxy[]): void {
  // prom-client asks metrics in the order of their making, so that the first one can find out for all
  const byVersion = new Gauge({
    name: 'pilot_xds',
    help: 'Proxies connected to this instance, by Istio version.',
    labelNames: ['version'],
    registers: [registry],
    collect: () => collect(proxies()),
  });
  const connected = new Gauge({ name: 'coxswain_proxies', help: 'Proxies connected to this instance.', registers: [registry] });
  const views = new Gauge({
    name: 'coxswain_views',
    help: 'Different views that the connected proxies are served from, by type of resource; proxies that are alike share one.',
    labelNames: ['type'],
    registers: [registry],
  });
  const ratio = new Gauge({
    name: 'coxswain_views_per_proxy',
    help: 'Different views of all types, divided by the connected proxies; 0 where there is none.',
    registers: [registry],
  });
  const withoutClusters = new Gauge({
    name: 'coxswain_streams_without_clusters',
    help: 'Streams that asked for endpoints but never for clusters: an Envoy that reconnected wrongly (envoy#36951); restart its proxy.',
    registers: [registry],
  });

  function collect(current: readonly ConnectedProxy[]): void {
    byVersion.reset();
    for (const { proxy } of current) byVersion.inc({ version: proxy.istioVersion || 'unknown' });
    connected.set(current.length);
    views.reset();
    const keys = new Set<string>();
    for (const { connection } of current) {
      for (const { typeUrl, viewKey } of connection.watches) {
        if (keys.has(viewKey)) continue;
        keys.add(viewKey);
        views.inc({ type: shortTypeName(typeUrl).toLowerCase() });
      }
    }
    withoutClusters.set(current.filter(({ connection }) => lacksClusters(connection)).length);
    ratio.set(current.length === 0 ? 0 : keys.size / current.length);
  }
}

function lacksClusters({ watches }: ConnectionStatus): boolean {
  return watches.some(({ typeUrl }) => typeUrl === typeUrls.EDS) && !watches.some(({ typeUrl }) => typeUrl === typeUrls.CDS);
}
