import { isJsonObject } from '../../schema/field/free-json.ts';
import type { KubeObject } from '../kube-object.ts';

/** Whether what an object stands for works; where not yet, why, in a few words. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly why: string };

/** Of a CustomResourceDefinition: the API server serves it. */
export function definitionReadiness(object: KubeObject): Readiness {
  const { conditions = [] } = statusOf(object) as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True')
    ? { ready: true }
    : { ready: false, why: 'not served yet' };
}

/** Of a Deployment: as many pods of its latest version as it wants take requests. */
export function deploymentReadiness(object: KubeObject): Readiness {
  const { replicas = 1 } = object['spec'] as { readonly replicas?: number };
  const { generation = 0 } = object.metadata as { readonly generation?: number };
  const status = statusOf(object) as Readonly<Record<string, number | undefined>>;
  const { observedGeneration = 0, updatedReplicas = 0, availableReplicas = 0, replicas: total = 0 } = status;
  if (observedGeneration < generation) return { ready: false, why: 'not looked at yet' };
  if (updatedReplicas < replicas) return { ready: false, why: `${updatedReplicas} of ${replicas} replicas started` };
  if (total > updatedReplicas) return { ready: false, why: `${total - updatedReplicas} replicas of before still run` };
  if (availableReplicas < replicas) return { ready: false, why: `${availableReplicas} of ${replicas} replicas ready` };
  return { ready: true };
}

function statusOf(object: KubeObject): Readonly<Record<string, unknown>> {
  const status = object['status'];
  return isJsonObject(status) ? status : {};
}
