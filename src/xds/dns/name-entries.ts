import type { _istio_networking_nds_v1_NameTable_NameInfo as NameInfo } from '../../envoy/generated/istio/networking/nds/v1/NameTable.ts';
import { isIpAddress } from '../../lib/cidr.ts';
import type { EndpointScope } from '../../mesh/scope.ts';
import { compareText } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { isHeadless, type Service } from '../../model/service.ts';
import { type AddressScope, serviceAddresses } from '../routes/service-addresses.ts';

/** What of a proxy the names of services depend on. */
export type NameScope = AddressScope & Pick<EndpointScope, 'network'>;

/** A name that the agent's DNS server answers, and the service it is there for. */
export interface NameEntry {
  readonly name: string;
  readonly info: NameInfo;
}

export interface NameInput {
  readonly service: Service;
  /** Of all ports; looked at for headless services alone. */
  readonly endpoints: readonly Endpoint[];
  readonly scope: NameScope;
  /** Headless services answer with endpoints of other clusters of the network too (ENABLE_MULTICLUSTER_HEADLESS). */
  readonly acrossClusters: boolean;
}

/**
 * The names that one service comes to (Istio `BuildNameTable`): its own, with the addresses that the proxy knows it by or, of
 * a headless one, those of its endpoints in the proxy's network; and that of each of its pods that has one.
 */
export function nameEntries(input: NameInput): readonly NameEntry[] {
  const { service, scope } = input;
  const known = serviceAddresses(service, scope);
  const endpoints = known.length === 0 && isHeadless(service) ? reachableEndpoints(input) : [];
  const inReach = endpoints.filter(({ clusterId }) => input.acrossClusters || isSameOrUnknown(clusterId, scope.clusterId));
  const addresses = known.length > 0 ? known.filter(isIpAddress) : inReach.flatMap(allAddresses);
  const own = addresses.length === 0 ? [] : [{ name: service.hostname, info: infoOf(service, addresses) }];
  return [...podEntries(service, endpoints, scope), ...own];
}

/** One port says where all of them are; those that are not ready only where the Service wants them. */
function reachableEndpoints({ service, endpoints, scope }: NameInput): readonly Endpoint[] {
  const [port] = service.ports;
  if (service.resolution !== 'Passthrough' || port === undefined) return [];
  return endpoints.filter(
    ({ portName, address, health, network }) =>
      portName === port.name &&
      isIpAddress(address) &&
      (service.publishNotReadyAddresses || health === 'HEALTHY') &&
      isSameOrUnknown(network, scope.network),
  );
}

function allAddresses({ address, additionalAddresses = [] }: Endpoint): readonly string[] {
  return [address, ...additionalAddresses];
}

/** `mysql-0.mysql.default.svc.cluster.local`: as Kubernetes names pods; those of the own cluster hide others of the name. */
function podEntries(service: Service, endpoints: readonly Endpoint[], scope: NameScope): readonly NameEntry[] {
  const dot = service.hostname.indexOf('.');
  if (dot < 0) return [];
  const domain = service.hostname.slice(dot + 1);
  const byName = new Map<string, { readonly shortname: string; readonly isLocal: boolean; readonly ips: string[] }>();
  for (const endpoint of endpoints) {
    const { hostname = '', subDomain = '', clusterId } = endpoint;
    if (subDomain === '') continue;
    const shortname = `${hostname}.${subDomain}`;
    const isLocal = isSameOrUnknown(clusterId, scope.clusterId);
    const known = byName.get(shortname);
    if (known === undefined || (isLocal && !known.isLocal)) byName.set(shortname, { shortname, isLocal, ips: [...allAddresses(endpoint)] });
    else if (isLocal === known.isLocal) known.ips.push(...allAddresses(endpoint));
  }
  return [...byName.values()]
    .sort((a, b) => compareText(a.shortname, b.shortname))
    .map(({ shortname, ips }) => ({
      name: `${shortname}.${domain}`,
      info: { ips, registry: service.provider, namespace: service.namespace, shortname },
    }));
}

/** Of a service of Kubernetes the agent answers short forms by itself; names across clusters would take their place. */
function infoOf(service: Service, addresses: readonly string[]): NameInfo {
  const hasShortForms = service.provider === 'Kubernetes' && !service.hostname.endsWith('.clusterset.local');
  return {
    ips: [...addresses],
    registry: service.provider,
    ...(hasShortForms && { namespace: service.namespace, shortname: service.name }),
  };
}

function isSameOrUnknown(a: string, b: string): boolean {
  return a === '' || b === '' || a === b;
}
