import { type ConfigObject, compareText } from '../../model/config-object.ts';
import { type Labels, selects } from '../../model/labels.ts';
import { localityLabels } from '../../model/locality.ts';
import type { Node } from '../../schema/kubernetes/node.ts';
import type { KubeService } from '../../schema/kubernetes/service.ts';

/** What the registry keeps of a Node: heartbeats change nothing of it. */
export interface NodeFacts {
  /** `region/zone/subzone`; empty where the node says none of them. */
  readonly locality: string;
  readonly labels: Labels;
  /** First address of type ExternalIP; empty where it has none. */
  readonly externalAddress: string;
}

export function nodeFacts(node: ConfigObject<Node>): NodeFacts {
  const label = (name: string, older: string): string => node.labels[name] || (node.labels[older] ?? '');
  const region = label(localityLabels.region, 'failure-domain.beta.kubernetes.io/region');
  const zone = label(localityLabels.zone, 'failure-domain.beta.kubernetes.io/zone');
  const subZone = node.labels[localityLabels.subZone] ?? '';
  const external = node.spec.status?.addresses?.find((address) => address.type === 'ExternalIP' && (address.address ?? '') !== '');
  return {
    locality: `${region}${zone}${subZone}` === '' ? '' : `${region}/${zone}/${subZone}`,
    labels: node.labels,
    externalAddress: external?.address ?? '',
  };
}

/**
 * The nodes through which a gateway Service of type NodePort is reached: annotation traffic.istio.io/nodeSelector, a JSON
 * object of labels. Undefined: not such a Service. Text that is no such object selects every node, as in Istio.
 */
export function nodeSelectorOf(service: ConfigObject<KubeService>): Labels | undefined {
  const text = service.annotations['traffic.istio.io/nodeSelector'];
  if (text === undefined || service.spec.spec?.type !== 'NodePort') return undefined;
  return parseLabels(text);
}

export function nodeAddresses(nodes: Iterable<NodeFacts>, selector: Labels): readonly string[] {
  const addresses: string[] = [];
  for (const node of nodes) if (node.externalAddress !== '' && selects(selector, node.labels)) addresses.push(node.externalAddress);
  return addresses.sort(compareText);
}

function parseLabels(text: string): Labels {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return {};
    return Object.fromEntries(Object.entries(json).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
  } catch {
    return {};
  }
}
