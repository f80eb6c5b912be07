import { formatAddress, isIpAddress, parseCidr } from '../../lib/cidr.ts';
import { type ConfigObject, refOf } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import { parseProtocol } from '../../model/protocol.ts';
import type { Resolution, Service } from '../../model/service.ts';
import type { ServiceEntry } from '../../schema/service-entry/service-entry.ts';
import { exportToOf } from '../export-to.ts';
import { trafficDistribution } from '../traffic-distribution.ts';
import { type EntryVisibility, narrowed } from './entry-visibility.ts';

const resolutions = {
  NONE: 'Passthrough',
  STATIC: 'ClientSideLB',
  DNS: 'DNSLB',
  DNS_ROUND_ROBIN: 'DNSRoundRobinLB',
  DYNAMIC_DNS: 'DynamicDNS',
} as const satisfies Record<NonNullable<ServiceEntry['resolution']>, Resolution>;

export interface ServiceEntrySettings {
  readonly clusterId: string;
  readonly defaultServiceExportTo: readonly string[];
  /** As far as the mesh lets entries of the namespace be seen. */
  readonly visibility?: EntryVisibility;
}

/**
 * The services of a ServiceEntry, one for each host (Istio `serviceentry.convertServices`). None where addresses are given
 * and all of them are wrong. Automatic addresses are not filled in yet.
 */
export function convertServiceEntry(
  object: ConfigObject<ServiceEntry>,
  namespaceAnnotations: Labels,
  settings: ServiceEntrySettings,
): readonly Service[] {
  const { spec } = object;
  const stated = spec.addresses ?? [];
  const addresses = stated.map(normalizeAddress).filter((address) => address !== undefined);
  if (stated.length > 0 && addresses.length === 0) return [];
  const ports = spec.ports ?? [];
  const distribution = trafficDistribution({ annotations: object.annotations, namespaceAnnotations });
  const template = {
    namespace: object.namespace,
    provider: 'External' as const,
    clusterId: settings.clusterId,
    ports: ports.map((port) => ({ number: port.number, name: port.name, protocol: parseProtocol(port.protocol) })),
    resolution: resolutions[spec.resolution ?? 'NONE'],
    meshExternal: spec.location !== 'MESH_INTERNAL',
    addresses: [...new Set(addresses)],
    autoAllocated: {},
    exportTo: narrowed(exportToOf(spec.exportTo, settings.defaultServiceExportTo), settings.visibility ?? 'PUBLIC', object.namespace),
    serviceAccounts: spec.subjectAltNames ?? [],
    labels: object.labels,
    selector: {},
    createdAt: object.createdAt,
    targetPorts: Object.fromEntries(ports.flatMap(({ number, targetPort }) => (targetPort ? [[number, targetPort]] : []))),
    internalTrafficPolicyLocal: false,
    ...(distribution === undefined ? {} : { trafficDistribution: distribution }),
    publishNotReadyAddresses: false,
    externalAddresses: [],
    source: refOf(object),
  };
  return [...new Set(spec.hosts)].map((hostname) => ({ ...template, hostname, name: hostname }));
}

/** An IP address or prefix as written; a prefix of one address is that address. Undefined: neither. */
function normalizeAddress(text: string): string | undefined {
  if (isIpAddress(text)) return text;
  const cidr = parseCidr(text);
  if (!cidr) return undefined;
  return cidr.prefixLength === (cidr.version === 4 ? 32 : 128) ? formatAddress(cidr) : text;
}

export function isDnsResolution(resolution: Resolution): boolean {
  return resolution === 'DNSLB' || resolution === 'DNSRoundRobinLB';
}
