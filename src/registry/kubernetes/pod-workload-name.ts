import type { ConfigObject } from '../../model/config-object.ts';
import { workloadNameLabel } from '../augment-labels.ts';

/**
 * The name under which a pod shows in telemetry: its label service.istio.io/workload-name, else that of the Deployment,
 * Rollout, CronJob or other controller that made it, else its own (Istio `kube.GetWorkloadMetaFromPod`).
 */
export function podWorkloadName(pod: ConfigObject): string {
  const stated = pod.labels[workloadNameLabel];
  if (stated !== undefined) return stated;
  if ((pod.generateName ?? '') === '' || !pod.owner || pod.owner.name === '') return pod.name;
  const { kind, name } = pod.owner;
  if (kind === 'ReplicaSet')
    return withoutHash(name, pod.labels['pod-template-hash']) ?? withoutHash(name, pod.labels['rollouts-pod-template-hash']) ?? name;
  if (kind === 'ReplicationController') return pod.labels['deploymentconfig'] || name;
  // A CronJob's Jobs end in the time they were scheduled for.
  if (kind === 'Job') return /^(.+)-\d{8,10}$/.exec(name)?.[1] ?? name;
  return name;
}

function withoutHash(name: string, hash: string | undefined): string | undefined {
  if (hash === undefined || hash === '' || !name.endsWith(hash)) return undefined;
  return name.endsWith(`-${hash}`) ? name.slice(0, -hash.length - 1) : name;
}
