import { isIpAddress } from '../../lib/cidr.ts';
import { type ConfigObject, refOf } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import type { WorkloadEntry } from '../../schema/workload-entry/workload-entry.ts';
import { augmentLabels, localityFromLabels, tlsModeLabel, workloadNameLabel } from '../augment-labels.ts';
import { type NetworkRules, networkOf } from '../networks/network-rules.ts';
import { spiffeId, type WorkloadInstance } from '../workload-instance.ts';

/** Where ServiceEntries and WorkloadEntries say that an instance comes from. */
export const externalRegistry = { id: 'External', provider: 'External' } as const;

/** What a WorkloadEntry needs to know of its surroundings. */
export interface EntrySettings {
  readonly clusterId: string;
  readonly trustDomain: string;
  readonly networks: NetworkRules;
}

/** A WorkloadEntry as a workload. Labels of its metadata win over those of its spec; undefined while it fails its health checks. */
export function convertWorkloadEntry(object: ConfigObject<WorkloadEntry>, settings: EntrySettings): WorkloadInstance | undefined {
  if (!isHealthy(object)) return undefined;
  return entryInstance(object, { ...object.spec, labels: { ...object.spec.labels, ...object.labels } }, settings);
}

/** The endpoint number `index` written inside a ServiceEntry, as a workload of its own (Istio names it so as well). */
export function convertInlineEndpoint(owner: ConfigObject, entry: WorkloadEntry, index: number, settings: EntrySettings): WorkloadInstance {
  return entryInstance({ ...owner, name: `${owner.name}-${index}`, labels: {}, annotations: {} }, entry, settings);
}

function entryInstance(object: ConfigObject, entry: WorkloadEntry, settings: EntrySettings): WorkloadInstance {
  const labels = entry.labels ?? {};
  const address = entry.address ?? '';
  const locality = entry.locality || localityFromLabels(labels);
  const network = entry.network || networkOf(settings.networks, address, labels);
  const serviceAccount = entry.serviceAccount ?? '';
  return {
    workload: {
      source: refOf(object),
      name: object.name,
      namespace: object.namespace,
      addresses: address === '' ? [] : [address],
      labels: augmentLabels(labels, { clusterId: settings.clusterId, locality, nodeName: '', network, registry: externalRegistry }),
      annotations: object.annotations,
      serviceAccount,
      locality,
      network,
      clusterId: settings.clusterId,
      nodeName: '',
      workloadName: object.annotations['istio.io/autoRegistrationGroup'] ?? object.labels[workloadNameLabel] ?? object.name,
      ports: entry.ports ?? {},
    },
    identity: serviceAccount === '' ? '' : spiffeId(settings.trustDomain, object.namespace, serviceAccount),
    tlsMode: tlsModeOf(labels, serviceAccount),
    weight: Math.max(1, entry.weight ?? 1),
    network: entry.network ?? '',
    isReady: true,
    isTerminating: false,
    isFinished: false,
    isDnsOnly: address !== '' && !isIpAddress(address),
  };
}

/** The label says it, else whoever has a service account is taken to have a sidecar. */
function tlsModeOf(labels: Labels, serviceAccount: string): 'istio' | 'disabled' {
  const stated = labels[tlsModeLabel];
  if (stated !== undefined) return stated === 'istio' ? 'istio' : 'disabled';
  return serviceAccount === '' ? 'disabled' : 'istio';
}

/** An entry whose agent probes it is unhealthy until its status has condition Healthy; any other is healthy. */
function isHealthy(object: ConfigObject): boolean {
  if (!isTrue(object.annotations['proxy.istio.io/health-checks-enabled'])) return true;
  const status = object.status;
  if (typeof status !== 'object' || status === null || !('conditions' in status) || !Array.isArray(status.conditions)) return false;
  const conditions: readonly unknown[] = status.conditions;
  const condition = conditions.find((each) => isRecord(each) && each['type'] === 'Healthy');
  return isRecord(condition) && condition['status'] === 'True';
}

/** As Go's strconv.ParseBool reads it. */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(1|t|T|true|TRUE|True)$/.test(text);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
