import type { Read } from '../../incremental/cell.ts';
import { projectLabels } from '../../mesh/cells/label-interest.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ProxyPatches } from '../../mesh/patches/patch-areas.ts';
import type { EndpointScope, GatewayScope, InboundScope, OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Labels } from '../../model/labels.ts';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';
import { serviceKey } from '../../model/service.ts';
import { observedScope } from './observed-scope.ts';
import { ownHeaders, ownProxySettings } from './own-proxy-settings.ts';
import { proxyFeatures } from './proxy-features.ts';
import { takesVirtualHosts } from './takes-virtual-hosts.ts';

/** Everything that one proxy's views are chosen by. Equal scopes, equal views. */
export interface ProxyScopes {
  readonly outbound: OutboundScope;
  readonly endpoints: EndpointScope;
  readonly inbound: InboundScope;
  /** Only of routers. */
  readonly gateway?: GatewayScope;
  /** Some Gateway with AUTO_PASSTHROUGH holds for the router: it needs clusters named after server names. */
  readonly isAutoPassthrough: boolean;
  /** Virtual hosts of its route tables are sent to it one by one. */
  readonly takesVirtualHosts: boolean;
  /** The patches of EnvoyFilters that apply, by area; absent: none does. */
  readonly patches?: ProxyPatches;
  /** Labels of the workload: the registry's where it knows it, else those the node states. */
  readonly labels: Labels;
}

/** Looks a proxy up in the registries and works out its scopes; to be read inside a computation. */
export function proxyScopes(mesh: Mesh, read: Read, proxy: ProxyNode, variant: 'sotw' | 'delta'): ProxyScopes {
  const settings = read(mesh.settings);
  const workload = mesh.inputs.workloadOf(read, proxy);
  const staticLabels = workload === undefined ? proxy.labels : staticOnly(proxy);
  const labels = { ...staticLabels, ...workload?.labels };
  const sidecar = proxy.role === 'sidecar' || proxy.role === 'grpc' ? mesh.sidecars.select(read, proxy.namespace, labels) : undefined;
  const isNarrowed = sidecar !== undefined && (!mesh.sharesViews || read(mesh.sidecars.changesOutbound(sidecar, proxy.namespace)));
  const own = proxy.role === 'grpc' ? undefined : ownProxySettings(proxy, settings);
  const headers = ownHeaders(own, settings);
  const outbound: OutboundScope = {
    role: proxy.role,
    namespace: proxy.namespace,
    dnsDomain: proxy.dnsDomain,
    clusterId: proxy.clusterId,
    ...(isNarrowed && { sidecar }),
    labels: projectLabels(labels, read(mesh.labelInterest.keys)),
    features: proxyFeatures(proxy, settings),
    ...(headers && { ownHeaders: headers }),
  };
  const patches = mesh.envoyFilters.select(read, proxy, labels);
  const targets = mesh.inputs.targetsOf(read, proxy).map(({ service, port, targetPort }) => ({
    service: serviceKey(service),
    port: port.number,
    targetPort,
  }));
  const observed = proxy.role === 'grpc' ? undefined : observedScope(mesh, read, proxy, labels);
  const facts = { workloadLabels: labels, targets, ...(observed && { observed }), ...(own && { ownSettings: own }) };
  const gateway: GatewayScope | undefined =
    proxy.role === 'router' ? { ...outbound, dnsDomain: '', ...facts, ...gatewayFacts(proxy) } : undefined;
  return {
    outbound,
    endpoints: {
      ...outbound,
      dnsDomain: '',
      network: proxy.network || (workload?.network ?? ''),
      locality: proxy.locality || (workload?.locality ?? ''),
      nodeName: read(mesh.labelInterest.nodeMatters) ? proxy.nodeName || (workload?.nodeName ?? '') : '',
      ...priorityLabelsOf(labels, read(mesh.labelInterest.priorityKeys)),
      ...networkViewOf(proxy),
    },
    inbound: {
      ...outbound,
      ...(sidecar !== undefined && { sidecar }),
      address: proxy.addresses[0] ?? '',
      ...facts,
      ...(proxy.role === 'sidecar' && { ...idleTimeoutOf(proxy), ...httpProxyOf(proxy, settings) }),
    },
    ...(gateway && { gateway }),
    isAutoPassthrough: gateway !== undefined && read(mesh.gateways.merged(gateway)).autoPassthroughHosts !== undefined,
    takesVirtualHosts: takesVirtualHosts(proxy, variant, settings),
    ...(patches && { patches }),
    labels,
  };
}

function gatewayFacts(proxy: ProxyNode): Pick<GatewayScope, 'hasCredentialSocket' | 'idleTimeout'> {
  return { hasCredentialSocket: proxy.metadata['credential'] === 'true', ...idleTimeoutOf(proxy) };
}

function priorityLabelsOf(labels: Labels, keys: readonly string[]): Pick<EndpointScope, 'priorityLabels'> {
  const priorityLabels = projectLabels(labels, keys);
  return Object.keys(priorityLabels).length === 0 ? {} : { priorityLabels };
}

/** A comma-separated list, as agents write lists of text; an empty one asks for nothing in particular. */
function networkViewOf({ metadata }: ProxyNode): Pick<EndpointScope, 'networkView'> {
  const stated = metadata['REQUESTED_NETWORK_VIEW'];
  const networks = typeof stated === 'string' && stated !== '' ? stated.split(',') : [];
  return networks.length === 0 ? {} : { networkView: [...new Set(networks)].sort() };
}

function idleTimeoutOf({ metadata }: ProxyNode): Pick<InboundScope, 'idleTimeout'> {
  const idleTimeout = metadata['IDLE_TIMEOUT'];
  return typeof idleTimeout === 'string' && idleTimeout !== '' ? { idleTimeout } : {};
}

/** A port of the node's own holds instead of the mesh's, 0 too (Istio `buildHTTPProxy`). */
function httpProxyOf({ metadata }: ProxyNode, { config }: MeshSettings): Pick<InboundScope, 'httpProxyPort'> {
  const own = metadata['HTTP_PROXY_PORT'];
  const port = typeof own === 'string' && /^\d+$/.test(own) ? Number(own) : (config.proxyHttpPort ?? 0);
  return port === 0 ? {} : { httpProxyPort: port };
}

function staticOnly(proxy: ProxyNode): Labels {
  const value = proxy.metadata['STATIC_LABELS'];
  return value !== null && typeof value === 'object' ? (value as Labels) : {};
}
