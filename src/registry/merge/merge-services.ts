import { asSiblings, type Resolution, type Service } from '../../model/service.ts';
import { isLive, type ServiceParts } from './merge-layer.ts';
import { countedServices, type MergeMode } from './merge-mode.ts';
import { mergePorts } from './merge-ports.ts';

/**
 * One service out of what several registries say of the same namespace and hostname, strongest registry first (never an
 * empty list).
 *
 * As in Istio a Kubernetes service takes identities and addresses from its like in other clusters and nothing from a ServiceEntry, which
 * adds endpoints, and is seen by those who do not see the Kubernetes service (`aggregate`, `appendSidecarServices`). What a live
 * registry says is united with the others: ports by number, identities, the narrower exportTo, internal if any is.
 * docs/decisions/0007-merging-registries.md says why.
 */
export function mergeServices(parts: ServiceParts, mode: MergeMode = 'union'): Service {
  const [first, ...others] = countedServices(parts, mode);
  if (!first) throw new Error('a merge of no services');
  let merged = first.value;
  for (const { layer, value } of others) {
    if (isLive(layer) || !isKube(merged)) merged = unite(merged, value);
    else if (isKube(value)) merged = { ...withAccountsOf(merged, value), clusterAddresses: clusterAddresses(merged, value) };
    else merged = asSiblings(merged, [value]);
  }
  return merged;
}

function isKube({ provider }: Service): boolean {
  return provider === 'Kubernetes';
}

/** Each cluster has an address of its own for the service. */
function clusterAddresses(merged: Service, other: Service): Readonly<Record<string, readonly string[]>> {
  const known = merged.clusterAddresses ?? { [merged.clusterId]: merged.addresses };
  return { [other.clusterId]: other.addresses, ...known };
}

function withAccountsOf(strong: Service, weak: Service): Service {
  return { ...strong, serviceAccounts: [...new Set([...strong.serviceAccounts, ...weak.serviceAccounts])] };
}

function unite(strong: Service, weak: Service): Service {
  const ports = mergePorts(strong.ports, weak.ports);
  const known = new Set(strong.ports.map(({ number }) => number));
  const elsewhere = weak.ports.filter(({ number }) => !known.has(number)).map(({ number }) => number);
  return {
    ...withAccountsOf(strong, weak),
    ports,
    targetPorts: { ...weak.targetPorts, ...strong.targetPorts },
    ...(isKube(strong) && elsewhere.length > 0 ? { portsElsewhere: [...(strong.portsElsewhere ?? []), ...elsewhere] } : {}),
    resolution: resolutionOf(strong.resolution, weak.resolution),
    addresses: strong.addresses.length > 0 || !isBalanced(strong.resolution) ? strong.addresses : weak.addresses,
    autoAllocated: { ...weak.autoAllocated, ...strong.autoAllocated },
    meshExternal: strong.meshExternal && weak.meshExternal,
    exportTo: narrower(strong, weak.exportTo),
  };
}

/** Endpoints are picked by the proxy: not headless, not another name, not by each request. */
function isBalanced(resolution: Resolution): boolean {
  return resolution === 'ClientSideLB' || resolution === 'DNSLB' || resolution === 'DNSRoundRobinLB';
}

/** Names and addresses together are balanced by us: names are resolved before the proxies hear of them. */
function resolutionOf(strong: Resolution, weak: Resolution): Resolution {
  if (!isBalanced(strong) || !isBalanced(weak) || strong === weak) return strong;
  return strong === 'ClientSideLB' || weak === 'ClientSideLB' ? 'ClientSideLB' : 'DNSLB';
}

/** What both export to; `*` stands for all, `.` for the own namespace; without anything in common nobody sees it. */
function narrower({ namespace, exportTo }: Service, other: readonly string[]): readonly string[] {
  if (exportTo.includes('*')) return other;
  if (other.includes('*')) return exportTo;
  const full = (name: string): string => (name === '.' ? namespace : name);
  const others = new Set(other.map(full));
  const common = exportTo.filter((name) => name !== '~' && others.has(full(name)));
  return common.length > 0 ? common : ['~'];
}
