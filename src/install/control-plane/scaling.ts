import { isSet, type TemplateObject, value, when } from '../template/template.ts';
import { controlPlaneLabels, namespace, podLabels, revisioned } from './names.ts';

/** Grows with the load where `pilot.autoscaleEnabled` says so. */
export const controlPlaneAutoscaler: TemplateObject = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: revisioned('istiod'), namespace, labels: controlPlaneLabels },
  spec: {
    minReplicas: value('pilot.autoscaleMin'),
    maxReplicas: value('pilot.autoscaleMax'),
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: revisioned('istiod') },
    metrics: [
      utilization('cpu', 'pilot.cpu.targetAverageUtilization'),
      when(isSet('pilot.memory.targetAverageUtilization'), utilization('memory', 'pilot.memory.targetAverageUtilization')),
    ],
    behavior: value('pilot.autoscaleBehavior'),
  },
};

/** A metric of an autoscaler: the share of what its pods request. */
export function utilization(resource: 'cpu' | 'memory', path: string): TemplateObject {
  return { type: 'Resource', resource: { name: resource, target: { type: 'Utilization', averageUtilization: value(path) } } };
}

/** Nodes are drained one replica at a time. */
export const controlPlaneDisruptionBudget: TemplateObject = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: revisioned('istiod'), namespace, labels: { ...controlPlaneLabels, istio: 'pilot' } },
  spec: { minAvailable: 1, selector: { matchLabels: podLabels } },
};

export const wantsAutoscaler = isSet('pilot.autoscaleEnabled');
export const wantsDisruptionBudget = isSet('global.defaultPodDisruptionBudget.enabled');
