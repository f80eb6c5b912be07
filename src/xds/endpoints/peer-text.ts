import type { Labels } from '../../model/labels.ts';
import { canonicalService } from './canonical-service.ts';

/** A workload as the metadata of endpoints names it (Istio `istio.workload`). */
export interface PeerWorkload {
  readonly workloadName: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly clusterId: string;
}

/** `workload;namespace;canonical service;revision;cluster`; the revision `latest` is not written. */
export function peerText({ workloadName, namespace, labels, clusterId }: PeerWorkload): string {
  const { name, revision } = canonicalService(labels, workloadName);
  return [workloadName, namespace, name, revision === 'latest' ? '' : revision, clusterId].join(';');
}
