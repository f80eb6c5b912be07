import type { Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ObservedScope } from '../../mesh/scope.ts';
import type { ResolvedTelemetry } from '../../mesh/telemetry/resolved-telemetry.ts';
import type { Labels } from '../../model/labels.ts';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';
import type { ExtensionProvider } from '../../schema/mesh-config/extension-provider.ts';

/** Which Telemetry objects and extensions hold for the proxy; undefined where none do and no tracer asks for its name. */
export function observedScope(mesh: Mesh, read: Read, proxy: ProxyNode, labels: Labels): ObservedScope | undefined {
  const workload = { namespace: proxy.namespace, labels, isWaypoint: proxy.role === 'waypoint' };
  const telemetry = mesh.telemetry.select(read, workload);
  const extensions = mesh.extensions.select(read, workload);
  const spanService = spanServiceOf(read(mesh.telemetry.resolved(telemetry)), proxy, labels);
  const observed: ObservedScope = {
    ...(telemetry !== '' && { telemetry }),
    ...(spanService !== undefined && { spanService }),
    ...(extensions !== '' && { extensions }),
  };
  return Object.keys(observed).length === 0 ? undefined : observed;
}

/** The proxy's name in traces, where a tracer is told one: other proxies must not be told apart by it. */
function spanServiceOf({ CLIENT, SERVER }: ResolvedTelemetry, proxy: ProxyNode, labels: Labels): string | undefined {
  const tracers = [CLIENT, SERVER].flatMap(({ tracing }) =>
    tracing === undefined || tracing.isDisabled || tracing.provider === undefined ? [] : [tracing.provider.provider],
  );
  const tracer = tracers.find(isToldTheService);
  if (tracer === undefined) return undefined;
  const followsConventions = tracer.opentelemetry?.serviceAttributeEnrichment === 'OTEL_SEMANTIC_CONVENTIONS';
  return followsConventions ? conventionalName(proxy, labels) : proxy.serviceCluster;
}

function isToldTheService({ datadog, opentelemetry }: ExtensionProvider): boolean {
  return datadog !== undefined || opentelemetry !== undefined;
}

/** `service.name` by OpenTelemetry's conventions for Kubernetes: what states it first (Istio `otelServiceName`). */
function conventionalName({ annotations, workloadName, id, metadata }: ProxyNode, labels: Labels): string {
  const containers = metadata['APP_CONTAINERS'];
  const only = typeof containers === 'string' && !containers.includes(',') ? containers : '';
  const pod = id.includes('.') ? id.slice(0, id.indexOf('.')) : '';
  return (
    annotations['resource.opentelemetry.io/service.name'] ||
    labels['app.kubernetes.io/instance'] ||
    labels['app.kubernetes.io/name'] ||
    workloadName ||
    pod ||
    only ||
    'unknown_service'
  );
}
