import { hostsMatch, isSubsetOf, isWildcard } from '../../model/hostname.ts';

/** The `hosts` of one egress listener for one namespace of services: what is imported, and what a `~` takes out again. */
interface NamespaceImport {
  readonly exact: ReadonlySet<string>;
  readonly all: readonly string[];
  readonly excluded: readonly string[];
}

/** The `hosts` of one egress listener by namespace; `*` holds for every namespace. */
export type EgressHosts = ReadonlyMap<string, NamespaceImport>;

/** Parses `ns/dns`, `./dns`, `~ns/dns`, `~/dns`, `*` + `/dns`; entries of another form import nothing (validation reports them). */
export function parseEgressHosts(hosts: readonly string[], clientNamespace: string): EgressHosts {
  const parsed = new Map<string, { exact: Set<string>; all: string[]; excluded: string[] }>();
  for (const entry of hosts) {
    const parts = entry.split('/');
    if (parts.length !== 2) continue;
    const [first = '', host = ''] = parts;
    const isExcluded = first.startsWith('~');
    const written = isExcluded ? first.slice(1) || '*' : first;
    const namespace = written === '.' ? clientNamespace : written;
    const into = parsed.get(namespace) ?? { exact: new Set<string>(), all: [], excluded: [] };
    parsed.set(namespace, into);
    if (isExcluded) into.excluded.push(host);
    else {
      if (!isWildcard(host)) into.exact.add(host);
      into.all.push(host);
    }
  }
  return parsed;
}

/** The namespaces whose services an egress listener can import; undefined: any. */
export function importedNamespaces(hosts: EgressHosts): readonly string[] | undefined {
  return (hosts.get('*')?.all.length ?? 0) > 0 ? undefined : [...hosts.keys()];
}

/** Whether nothing is imported but hosts of named namespaces, in full. */
export function areAllExact(hosts: EgressHosts): boolean {
  return [...hosts].every(([namespace, { exact, all }]) => all.length === 0 || (namespace !== '*' && all.every((host) => exact.has(host))));
}

export function isExcluded(hosts: EgressHosts, namespace: string, hostname: string): boolean {
  return [hosts.get(namespace), hosts.get('*')].some((scope) => scope?.excluded.some((pattern) => isSubsetOf(hostname, pattern)));
}

/** Whether services of this namespace and hostname are imported (Istio `hostClassification.Matches`). */
export function importsService(hosts: EgressHosts, namespace: string, hostname: string): boolean {
  if (isExcluded(hosts, namespace, hostname)) return false;
  return [hosts.get(namespace), hosts.get('*')].some((scope) => scope !== undefined && matches(scope, hostname, isSubsetOf));
}

/**
 * Whether a service that is imported brings along the name of one of its aliases: the entries that import the service have to
 * cover the alias too, whatever the alias's own namespace (Istio `matchingAliasService`).
 */
export function importsAlias(
  hosts: EgressHosts,
  service: { readonly namespace: string; readonly hostname: string },
  alias: string,
): boolean {
  const importing = [hosts.get(service.namespace), hosts.get('*')].find((scope) => scope && matches(scope, service.hostname, isSubsetOf));
  return importing !== undefined && matches(importing, alias, isSubsetOf);
}

/** Whether a VirtualService host is imported: hosts match in both directions unless it was made of a Gateway API route. */
export function importsVirtualServiceHost(hosts: EgressHosts, namespace: string, host: string, gatewaySemantics: boolean): boolean {
  if (isExcluded(hosts, namespace, host)) return false;
  const rule = gatewaySemantics ? isSubsetOf : hostsMatch;
  return [hosts.get(namespace), hosts.get('*')].some((scope) => scope !== undefined && matches(scope, host, rule));
}

function matches(scope: NamespaceImport, host: string, rule: (host: string, imported: string) => boolean): boolean {
  if (scope.exact.has(host)) return true;
  return scope.all.some((imported) => (isWildcard(host) || isWildcard(imported)) && rule(host, imported));
}
