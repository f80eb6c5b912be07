import type { Values } from '../template/values.ts';
import type { KubeSettings } from './value-table.ts';

/** What an IstioOperator states as a component's `k8s`, under the names of the charts' values. */
export function valuesOfKubeSettings(settings: KubeSettings = {}): Values {
  const { replicaCount, resources, env, hpaSpec, service, podAnnotations, serviceAnnotations, nodeSelector, affinity, tolerations } =
    settings;
  return withoutUndefined({
    replicaCount,
    resources,
    env: env && Object.fromEntries(env.map(({ name, value = '' }) => [name, value])),
    autoscaleMin: hpaSpec?.minReplicas,
    autoscaleMax: hpaSpec?.maxReplicas,
    podAnnotations,
    serviceAnnotations,
    nodeSelector,
    affinity,
    tolerations,
    type: service?.type,
    ports: service?.ports,
    loadBalancerIP: service?.loadBalancerIP,
    loadBalancerSourceRanges: service?.loadBalancerSourceRanges,
    externalTrafficPolicy: service?.externalTrafficPolicy,
  });
}

export function withoutUndefined(members: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
