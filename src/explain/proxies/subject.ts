import type { Node } from '../../envoy/generated/envoy/config/core/v3/Node.ts';
import { toStruct } from '../../lib/struct.ts';
import type { Labels } from '../../model/labels.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { Workload } from '../../model/workload.ts';

/** A proxy whose part is explained, and the workload beside it. */
export interface Subject {
  readonly namespace: string;
  readonly name: string;
  readonly role: 'sidecar' | 'router';
  /** As on the stream that it opened, or as an istio-proxy would describe itself. */
  readonly node: Node;
  readonly labels: Labels;
  readonly address: string;
  readonly serviceAccount: string;
  readonly interception: 'REDIRECT' | 'NONE';
  /** Half a sentence: how it was found, and what is taken for granted. */
  readonly remark: string;
  readonly source?: ObjectRef;
}

/** Of proxies that nobody knows an address of: reserved for documentation, so it is nobody's. */
export const madeUpAddress = '192.0.2.1';

export interface AssumedProxy extends Pick<Workload, 'namespace' | 'name' | 'labels'> {
  readonly role: Subject['role'];
  readonly clusterId: string;
  readonly domainSuffix: string;
  readonly remark: string;
  readonly workload?: Workload;
  /** Where something else than an annotation of the workload says so. */
  readonly interception?: Subject['interception'];
  readonly source?: ObjectRef;
}

/** The proxy as it would connect, were it there: an unmodified istio-proxy beside the workload. */
export function assumedSubject(assumed: AssumedProxy): Subject {
  const { role, namespace, name, labels, clusterId, domainSuffix, remark, workload, source } = assumed;
  const address = workload?.addresses[0] ?? madeUpAddress;
  const annotated = workload?.annotations['sidecar.istio.io/interceptionMode'] === 'NONE' ? 'NONE' : 'REDIRECT';
  const interception = assumed.interception ?? annotated;
  const [region = '', zone = '', subZone = ''] = (workload?.locality ?? '').split('/');
  const serviceAccount = workload?.serviceAccount ?? '';
  const metadata = {
    NAMESPACE: namespace,
    CLUSTER_ID: workload?.clusterId || clusterId,
    ISTIO_VERSION: '1.32.0',
    LABELS: labels,
    INTERCEPTION_MODE: interception,
    ...(workload && { NODE_NAME: workload.nodeName, WORKLOAD_NAME: workload.workloadName, SERVICE_ACCOUNT: serviceAccount }),
    ...(workload?.network && { NETWORK: workload.network }),
  };
  return {
    namespace,
    name,
    role,
    node: {
      id: `${role}~${address}~${name}.${namespace}~${namespace}.svc.${domainSuffix}`,
      metadata: toStruct(metadata),
      ...(region !== '' && { locality: { region, zone, sub_zone: subZone } }),
    },
    labels,
    address,
    serviceAccount,
    interception,
    remark,
    ...(source && { source }),
  };
}
