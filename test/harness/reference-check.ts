import { nameOf, type OutputType } from './golden-selector.ts';

type Plain = Readonly<Record<string, unknown>>;

/** Everything that one proxy is served, decoded, by name. */
export type ProxyResources = Readonly<Record<Exclude<OutputType, 'names'>, ReadonlyMap<string, Plain>>> & {
  readonly names?: ReadonlyMap<string, Plain>;
};

/** Clusters that a proxy has from its bootstrap. */
export const bootstrapClusters = ['xds-grpc', 'sds-grpc', 'prometheus_stats', 'agent'];

/**
 * What Envoy would wait or look for in vain, or refuse, in one proxy's resources: names that are served by nobody, served
 * twice, filter chains that match the same, listeners on one address.
 */
export function referenceProblems(resources: ProxyResources, missing: ReadonlySet<string> = new Set()): string[] {
  const known = new Set([...resources.clusters.keys(), ...bootstrapClusters, ...missing]);
  return [
    ...wrongKeys(resources),
    ...clusterReferences(resources)
      .filter(({ cluster }) => !known.has(cluster))
      .map(({ cluster, from }) => `${from} names the cluster ${cluster}, which is not served`),
    ...edsReferences(resources)
      .filter((name) => !resources.endpoints.has(name))
      .map((name) => `no endpoints for the cluster ${name}`),
    ...rdsReferences(resources)
      .filter((name) => !resources.routes.has(name))
      .map((name) => `no route table ${name}`),
    ...ecdsReferences(resources)
      .filter((name) => !resources.extensions.has(name))
      .map((name) => `no filter ${name}`),
    ...[...resources.listeners.values()].flatMap(duplicateChains),
    ...duplicateAddresses(resources),
    ...[...resources.routes.values()].flatMap(duplicateVirtualHosts),
  ];
}

function wrongKeys(resources: ProxyResources): string[] {
  const all = Object.values(resources).flatMap((byName) => [...byName]);
  return all.filter(([key, resource]) => key !== nameOf(resource)).map(([key]) => `the resource ${key} has another name inside`);
}

export interface ClusterReference {
  readonly cluster: string;
  readonly from: string;
}

export function clusterReferences({ routes, listeners }: Pick<ProxyResources, 'routes' | 'listeners'>): ClusterReference[] {
  const found: ClusterReference[] = [];
  for (const [name, table] of routes) collectClusters(table, `route table ${name}`, found);
  for (const [name, listener] of listeners) collectClusters(listener, `listener ${name}`, found);
  return found;
}

/** Route actions, TCP proxies and mirrors name clusters by these fields. */
function collectClusters(value: unknown, from: string, found: ClusterReference[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collectClusters(item, from, found);
    return;
  }
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === 'cluster' && typeof member === 'string' && member !== '') found.push({ cluster: member, from });
    else if (key === 'weighted_clusters') {
      const { clusters = [] } = member as { readonly clusters?: readonly { readonly name: string }[] };
      found.push(...clusters.map(({ name }) => ({ cluster: name, from })));
    }
    collectClusters(member, from, found);
  }
}

export function edsReferences({ clusters }: Pick<ProxyResources, 'clusters'>): string[] {
  return [...clusters.values()]
    .filter((cluster) => cluster['type'] === 'EDS')
    .map((cluster) => (cluster['eds_cluster_config'] as { readonly service_name?: string } | undefined)?.service_name ?? nameOf(cluster));
}

export function rdsReferences({ listeners }: Pick<ProxyResources, 'listeners'>): string[] {
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) {
      const { rds } = value as { readonly rds?: { readonly route_config_name?: string } };
      if (rds?.route_config_name !== undefined) names.add(rds.route_config_name);
      Object.values(value).forEach(walk);
    }
  };
  for (const listener of listeners.values()) walk(listener);
  return [...names];
}

/** Filters that Envoy asks for by name. */
function ecdsReferences({ listeners }: ProxyResources): string[] {
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) {
      if ('config_discovery' in value) names.add(nameOf(value as Plain));
      Object.values(value).forEach(walk);
    }
  };
  for (const listener of listeners.values()) walk(listener);
  return [...names];
}

function duplicateChains(listener: Plain): string[] {
  const chains = (listener['filter_chains'] as readonly Plain[] | undefined) ?? [];
  return duplicates(chains.map((chain) => JSON.stringify(chain['filter_chain_match'] ?? {}))).map(
    (match) => `listener ${nameOf(listener)} has two filter chains for ${match}`,
  );
}

function duplicateAddresses({ listeners }: ProxyResources): string[] {
  const addresses = [...listeners.values()].flatMap((listener) => [
    JSON.stringify(listener['address']),
    ...((listener['additional_addresses'] as readonly Plain[] | undefined) ?? []).map(({ address }) => JSON.stringify(address)),
  ]);
  return duplicates(addresses).map((address) => `two listeners on ${address}`);
}

function duplicateVirtualHosts(table: Plain): string[] {
  const hosts = (table['virtual_hosts'] as readonly Plain[] | undefined) ?? [];
  const domains = hosts.flatMap((host) => (host['domains'] as readonly string[] | undefined) ?? []).map((domain) => domain.toLowerCase());
  return [
    ...duplicates(hosts.map((host) => String(host['name']))).map((name) => `route table ${nameOf(table)} has two virtual hosts ${name}`),
    ...duplicates(domains).map((domain) => `route table ${nameOf(table)} has the domain ${domain} twice`),
  ];
}

function duplicates(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
