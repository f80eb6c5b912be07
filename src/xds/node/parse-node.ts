import type { Node } from '../../envoy/generated/envoy/config/core/v3/Node.ts';
import { isIpAddress } from '../../lib/cidr.ts';
import { fromStruct } from '../../lib/struct.ts';
import type { Labels } from '../../model/labels.ts';
import type { Proxy as ProxyNode, ProxyRole } from '../../model/proxy.ts';

const roles: ReadonlyMap<string, ProxyRole> = new Map<string, ProxyRole>([
  ['sidecar', 'sidecar'],
  ['router', 'router'],
  ['ingress', 'router'],
  ['waypoint', 'waypoint'],
  ['ztunnel', 'ztunnel'],
]);

/**
 * Reads a proxy out of the node that opens an xDS stream: id `type~ip~name.namespace~dnsDomain` and Istio's metadata
 * (`ParseServiceNodeWithMetadata`); or says in one sentence what is wrong with it.
 */
export function parseNode(node: Node): ProxyNode | { readonly refused: string } {
  const nodeId = node.id ?? '';
  const parts = nodeId.split('~');
  if (parts.length !== 4) return { refused: `missing parts in the service node "${nodeId}": want type~ip~name.namespace~dnsDomain` };
  const [type = '', ip = '', id = '', dnsDomain = ''] = parts;
  const metadata = fromStruct(node.metadata ?? undefined);
  const role = text(metadata['GENERATOR']) === 'grpc' ? 'grpc' : roles.get(type);
  if (role === undefined)
    return { refused: `invalid node type "${type}" in the service node "${nodeId}": want one of ${[...roles.keys()].join(', ')}` };
  const addresses = addressesOf(metadata, ip);
  if (addresses.length === 0) return { refused: `no valid IP address in the service node "${nodeId}" or in its metadata INSTANCE_IPS` };
  const namespace = text(metadata['NAMESPACE']) || namespaceOf(dnsDomain);
  if (/[/|~\s]/.test(namespace)) return { refused: `invalid namespace "${namespace}" in the service node "${nodeId}"` };
  const { region = '', zone = '', sub_zone = '' } = node.locality ?? {};
  const interception = text(metadata['INTERCEPTION_MODE']);
  return {
    nodeId,
    role,
    serviceCluster: node.cluster ?? '',
    id,
    namespace,
    addresses,
    dnsDomain,
    labels: { ...labels(metadata['LABELS']), ...labels(metadata['STATIC_LABELS']) },
    annotations: labels(metadata['ANNOTATIONS']),
    locality: region === '' ? '' : [region, zone, sub_zone].join('/').replace(/\/+$/, ''),
    network: text(metadata['NETWORK']),
    clusterId: text(metadata['CLUSTER_ID']),
    nodeName: text(metadata['NODE_NAME']),
    serviceAccount: text(metadata['SERVICE_ACCOUNT']),
    workloadName: text(metadata['WORKLOAD_NAME']),
    istioVersion: text(metadata['ISTIO_VERSION']),
    envoyVersion: envoyVersionOf(node),
    interceptionMode: interception === 'NONE' || interception === 'TPROXY' ? interception : 'REDIRECT',
    extensions: new Set((node.extensions ?? []).map((extension) => extension.name ?? '')),
    metadata,
  };
}

function addressesOf(metadata: Readonly<Record<string, unknown>>, fallback: string): readonly string[] {
  const listed = text(metadata['INSTANCE_IPS'])
    .split(',')
    .filter((address) => address !== '');
  if (listed.length > 0 && listed.every(isIpAddress)) return listed;
  return isIpAddress(fallback) ? [fallback] : [];
}

function envoyVersionOf({ user_agent_build_version: build }: Node): string {
  const { major_number: major = 0, minor_number: minor = 0, patch = 0 } = build?.version ?? {};
  return major === 0 && minor === 0 ? '' : `${major}.${minor}.${patch}`;
}

/** `default.svc.cluster.local` -> `default`: what proxies older than Istio 1.1 rely on. */
function namespaceOf(dnsDomain: string): string {
  const parts = dnsDomain.split('.');
  return parts.length > 1 ? (parts[0] ?? '') : '';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function labels(value: unknown): Labels {
  if (value === null || typeof value !== 'object') return {};
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, text(entry)]));
}
