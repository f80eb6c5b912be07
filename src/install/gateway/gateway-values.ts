import { mergeValues, type Values } from '../template/values.ts';
import { valuesOfKubeSettings, withoutUndefined } from '../values/component-values.ts';
import { defaultGatewayValues } from '../values/default-values.ts';
import type { GatewayComponent, GatewayValues } from '../values/value-table.ts';

/** What the chart `gateway` is given for one gateway of an installation. */
export interface GatewayInstall {
  readonly name: string;
  readonly namespace: string;
  readonly values: Values;
}

interface GatewaySource {
  readonly component: GatewayComponent;
  /** Values of the installation: `global`, `revision` and more. */
  readonly values: Values;
  /** `gateways.istio-ingressgateway` or `gateways.istio-egressgateway`. */
  readonly role: GatewayValues;
  readonly istioNamespace: string;
}

/** Translates Istio's two ways of describing a gateway (the component's `k8s`, `values.gateways`) into the chart's one. */
export function gatewayInstall({ component, values, role, istioNamespace }: GatewaySource): GatewayInstall {
  const { name = '', namespace = istioNamespace, label = {}, k8s } = component;
  const of = mergeValues(mergeValues(defaultGatewayValues, role as Values), valuesOfKubeSettings(k8s)) as GatewayValues;
  return {
    name,
    namespace,
    values: {
      global: values['global'],
      revision: values['revision'],
      ...chartValues(of),
      name,
      namespace,
      labels: { ...of.labels, ...label },
    },
  };
}

/** The chart's values for a gateway that is described as `values.gateways` does. */
export function chartValues(of: GatewayValues): Values {
  return withoutUndefined({
    replicaCount: of.replicaCount,
    rollingMaxSurge: of.rollingMaxSurge,
    rollingMaxUnavailable: of.rollingMaxUnavailable,
    autoscaling: withoutUndefined({
      enabled: of.autoscaleEnabled,
      minReplicas: of.autoscaleMin,
      maxReplicas: of.autoscaleMax,
      targetCPUUtilizationPercentage: of.cpu?.targetAverageUtilization,
      targetMemoryUtilizationPercentage: of.memory?.targetAverageUtilization,
      autoscaleBehavior: of.autoscaleBehavior,
    }),
    service: withoutUndefined({
      type: of.type,
      ports: of.ports,
      annotations: of.serviceAnnotations,
      loadBalancerIP: of.loadBalancerIP,
      loadBalancerSourceRanges: of.loadBalancerSourceRanges,
      externalTrafficPolicy: of.externalTrafficPolicy,
      externalIPs: of.externalIPs,
    }),
    resources: of.resources,
    env: of.env,
    podAnnotations: of.podAnnotations,
    terminationGracePeriodSeconds: of.terminationGracePeriodSeconds,
    nodeSelector: of.nodeSelector,
    affinity: of.affinity,
    tolerations: of.tolerations,
    topologySpreadConstraints: of.topologySpreadConstraints,
  });
}
