import { compactLabels } from '../../xds/metrics/metric-labels.ts';
import type { LabelSet } from './label-set.ts';

const unknown = 'unknown';
/** The revision that a workload has which states none. */
const latest = 'latest';

interface CalledService {
  readonly host?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** What Envoy fills in under Istio's own names, with what stands for nothing. */
const asWritten: readonly (readonly [name: string, empty: string])[] = [
  ['source_principal', unknown],
  ['destination_principal', unknown],
  ['connection_security_policy', unknown],
  ['response_flags', '-'],
];
const ofRequests: readonly (readonly [name: string, empty: string])[] = [
  ['response_code', unknown],
  ['grpc_response_status', unknown],
];

/**
 * Istio's labels out of those in which a stock Envoy counts (`compactLabels`): every one is there, and says `unknown` where nobody
 * knows, as Kiali leaves out series that lack one. `own` is the workload beside the proxy, in the same words as its peers.
 */
export function istioLabels(labels: LabelSet, own: string): ReadonlyMap<string, string> {
  const isSource = labels.get('reporter') !== 'destination';
  const peer = labels.get(compactLabels.peer) ?? '';
  const isTcp = labels.get('request_protocol') === 'tcp';
  const all = new Map<string, string>([
    ['reporter', isSource ? 'source' : 'destination'],
    ...workloadLabels('source', isSource ? own : peer),
    ...workloadLabels('destination', isSource ? peer : own),
    ...serviceLabels(labels.get(compactLabels.service) ?? ''),
    ['request_protocol', isTcp ? 'tcp' : (labels.get('grpc_response_status') ?? '') === '' ? 'http' : 'grpc'],
    ...[...asWritten, ...(isTcp ? [] : ofRequests)].map(([name, empty]) => [name, labels.get(name) || empty] as const),
  ]);
  for (const [name, value] of labels) if (!isCompact(name)) all.set(name, value || (all.get(name) ?? unknown));
  for (const name of (labels.get(compactLabels.removed) ?? '').split(',')) all.delete(name);
  return all;
}

function isCompact(name: string): boolean {
  return name === compactLabels.peer || name === compactLabels.service || name === compactLabels.removed;
}

function workloadLabels(side: 'source' | 'destination', text: string): readonly (readonly [string, string])[] {
  const [workload = '', namespace = '', service = '', revision = '', cluster = ''] = text.split(';');
  return [
    [`${side}_workload`, workload || unknown],
    [`${side}_workload_namespace`, namespace || unknown],
    [`${side}_canonical_service`, service || unknown],
    [`${side}_canonical_revision`, revision || (workload === '' ? unknown : latest)],
    [`${side}_cluster`, cluster || unknown],
  ];
}

/** The first of the services of a cluster: the one that its name says, or the oldest behind a port. */
function serviceLabels(json: string): readonly (readonly [string, string])[] {
  const { host, name, namespace } = firstService(json);
  return [
    ['destination_service', host || unknown],
    ['destination_service_name', name || unknown],
    ['destination_service_namespace', namespace || unknown],
  ];
}

function firstService(json: string): CalledService {
  if (json === '') return {};
  try {
    const [first] = JSON.parse(json) as readonly CalledService[];
    return first ?? {};
  } catch {
    return {};
  }
}
