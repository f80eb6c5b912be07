import { isIpv6 } from '../../lib/cidr.ts';
import type { FeatureFlags } from '../../mesh/feature-flags.ts';
import { dictatedTlsMode, policyFor, subsetLabels } from '../../mesh/traffic-policy/policy-for.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { selects } from '../../model/labels.ts';
import type { Service } from '../../model/service.ts';
import type { EndpointInput } from './endpoint-input.ts';
import { isDraining } from './lb-endpoints.ts';
import { isSameNetwork } from './network-gateways.ts';

const persistentSessionLabel = 'istio.io/persistent-session';
const persistentSessionHeaderLabel = 'istio.io/persistent-session-header';

/**
 * The endpoints that a cluster holds: those of the port's NAME and the subset's labels that this proxy may see, in the
 * order of the registry. Unhealthy ones are kept by default (Envoy skips them), so that Envoy knows the true share of
 * healthy ones; terminating ones never are.
 */
export function selectEndpoints(input: EndpointInput): readonly Endpoint[] {
  const { port, scope, service } = input;
  const { networkView } = scope;
  const labels = subsetLabels(input.rule, input.subset);
  const withUnhealthy = keepsUnhealthy(input);
  const withDraining = (service.labels[persistentSessionLabel] ?? '') !== '';
  const needsIp = !isResolvedByDns(service);
  // A proxy that states no cluster may be of any.
  const ownClusterOnly = (input.isClusterLocal === true || service.internalTrafficPolicyLocal) && scope.clusterId !== '';
  const crossesNetworks = (input.gateways?.all.length ?? 0) > 0;
  const selected = input.endpoints.filter((endpoint) => {
    if (endpoint.portName !== port.name || !selects(labels, endpoint.labels)) return false;
    if (needsIp && endpoint.address !== '' && endpoint.port !== 0 && !isIpLiteral(endpoint.address)) return false;
    if (service.internalTrafficPolicyLocal && (endpoint.nodeName ?? '') !== scope.nodeName) return false;
    if (ownClusterOnly && endpoint.clusterId !== scope.clusterId) return false;
    if (networkView !== undefined && !isVisible(endpoint, networkView)) return false;
    if (endpoint.address === '' && (!crossesNetworks || isSameNetwork(scope.network, endpoint.network))) return false;
    if (endpoint.health === 'TERMINATING') return false;
    if (endpoint.health === 'UNHEALTHY' && !withUnhealthy) return false;
    return withDraining || !isDraining(endpoint);
  });
  return service.clusterAddresses === undefined ? selected : oncePerPlace(selected, scope.clusterId);
}

/** Clusters may give out the same addresses: to a proxy such an address means the endpoint of its own cluster, else of the first. */
function oncePerPlace(endpoints: readonly Endpoint[], clusterId: string): readonly Endpoint[] {
  const byPlace = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const place = `${endpoint.network}|${endpoint.address}|${endpoint.port}`;
    if (endpoint.address === '') byPlace.set(`${place}|${byPlace.size}`, endpoint);
    else if (endpoint.clusterId === clusterId || !byPlace.has(place)) byPlace.set(place, endpoint);
  }
  return [...byPlace.values()];
}

/** Envoy itself looks up the names of its endpoints, which stand in the cluster. */
export function isResolvedByDns(service: Service): boolean {
  return service.resolution === 'DNSLB' || service.resolution === 'DNSRoundRobinLB';
}

/** Unhealthy endpoints are sent whatever outlier detection says: for the whole mesh, or because of trafficDistribution. */
export function forcesUnhealthyEndpoints(service: Service, flags: FeatureFlags): boolean {
  return flags.PILOT_SEND_UNHEALTHY_ENDPOINTS || service.trafficDistribution !== undefined;
}

/** Sessions that name their endpoint may still reach one that drains. */
export function keepsDrainingEndpoints(service: Service): boolean {
  return [persistentSessionLabel, persistentSessionHeaderLabel].some((label) => (service.labels[label] ?? '') !== '');
}

/** Decides once for a cluster whether mutual TLS to an endpoint is possible (Istio `mtlsChecker`). */
export function mutualTlsCheck(input: EndpointInput): (endpoint: Endpoint) => boolean {
  const dictated = dictatedTlsMode(input.rule, input.port.number, input.subset);
  if (dictated !== undefined) return () => dictated === 'ISTIO_MUTUAL';
  const accepts = input.acceptsMutualTls ?? (() => true);
  return (endpoint) => endpoint.tlsMode === 'istio' && accepts(endpoint);
}

function keepsUnhealthy({ service, rule, port, subset, settings }: EndpointInput): boolean {
  if (forcesUnhealthyEndpoints(service, settings.flags)) return true;
  if (!settings.flags.PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS) return false;
  return (policyFor(rule, port.number, subset)?.outlierDetection?.minHealthPercent ?? 0) <= 0;
}

/** Told apart by form: a host name cannot end in a number, and this runs for every endpoint of every cluster. */
function isIpLiteral(address: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(address) || (address.includes(':') && isIpv6(address));
}

function isVisible(endpoint: Endpoint, networks: readonly string[]): boolean {
  return endpoint.network === '' || networks.includes(endpoint.network);
}
