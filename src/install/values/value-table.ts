/**
 * Every value that an installation takes, under Istio's names, with its type: the one table that flags and files are checked
 * against, and what the templates may refer to. What Istio has and we do not use yet is in `values-without-effect.ts`.
 */

import { list, map, object, struct } from '../../schema/field/composites.ts';
import type { Infer } from '../../schema/field/field.ts';
import { bool, choice, int, intOrString, string } from '../../schema/field/scalars.ts';
import { meshConfig } from '../../schema/mesh-config/mesh-config.ts';
import { dnsLabel } from '../../schema/parts/name-checks.ts';
import { withoutEffect } from './values-without-effect.ts';

const count = int({ min: 1, max: 1000 });
const percent = int({ min: 1, max: 100 });
const target = object({ targetAverageUtilization: percent });
const resources = object({ requests: map(string()), limits: map(string()) });
/** A tag is text, also where it looks like a number. */
const tag = string();

/** Where the pods of a Deployment go, and what they are given. */
const placement = {
  nodeSelector: map(string()),
  affinity: struct(),
  tolerations: list(struct()),
  topologySpreadConstraints: list(struct()),
} as const;

const scaling = {
  autoscaleEnabled: bool(),
  autoscaleMin: count,
  autoscaleMax: count,
  autoscaleBehavior: struct(),
  cpu: target,
  memory: target,
  replicaCount: int({ min: 0, max: 1000 }),
  rollingMaxSurge: intOrString(),
  rollingMaxUnavailable: intOrString(),
} as const;

export const pilotTable = object({
  ...placement,
  ...scaling,
  hub: string(),
  tag,
  image: string(),
  resources,
  env: map(string()),
  extraContainerArgs: list(string()),
  podAnnotations: map(string()),
  podLabels: map(string()),
  deploymentLabels: map(string()),
  deploymentAnnotations: map(string()),
  serviceAnnotations: map(string()),
  serviceAccountAnnotations: map(string()),
  seccompProfile: struct(),
  volumes: list(struct()),
  volumeMounts: list(struct()),
  ipFamilyPolicy: string(),
  ipFamilies: list(string()),
  terminationGracePeriodSeconds: int({ min: 0 }),
  ...withoutEffect.pilot,
});

export const globalTable = object({
  hub: string(),
  tag,
  imagePullPolicy: choice(['Always', 'IfNotPresent', 'Never']),
  imagePullSecrets: list(string()),
  istioNamespace: string({ check: dnsLabel }),
  priorityClassName: string(),
  network: string(),
  meshID: string(),
  multiCluster: object({ clusterName: string(), ...withoutEffect.multiCluster }),
  logging: object({ level: string() }),
  proxy: object({
    image: string(),
    clusterDomain: string(),
    logLevel: choice(['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off']),
    ...withoutEffect.proxy,
  }),
  remotePilotAddress: string(),
  configValidation: bool(),
  defaultPodDisruptionBudget: object({ enabled: bool() }),
  ...withoutEffect.global,
});

/** A port of a gateway's Service; those that the gateway serves come from Gateway objects. */
const servicePort = object({
  name: string({ required: true, check: dnsLabel }),
  port: int({ min: 1, max: 65535, required: true }),
  targetPort: intOrString({ min: 1, max: 65535 }),
  nodePort: int({ min: 1, max: 65535 }),
  protocol: choice(['TCP', 'UDP']),
});

/** Of a gateway of an installation. */
export const gatewayTable = object({
  ...placement,
  ...scaling,
  enabled: bool(),
  labels: map(string()),
  resources,
  env: map(string()),
  podAnnotations: map(string()),
  serviceAnnotations: map(string()),
  type: choice(['LoadBalancer', 'ClusterIP', 'NodePort']),
  ports: list(servicePort, { minItems: 1 }),
  loadBalancerIP: string(),
  loadBalancerSourceRanges: list(string()),
  externalTrafficPolicy: choice(['Cluster', 'Local']),
  externalIPs: list(string()),
  terminationGracePeriodSeconds: int({ min: 0 }),
  ...withoutEffect.gateway,
});
export type GatewayValues = Infer<typeof gatewayTable>;

/** The values of Istio's charts, as `values` of an IstioOperator or `--set values.…` states them. */
export const valueTable = object({
  revision: string({ check: revisionName }),
  meshConfig,
  pilot: pilotTable,
  global: globalTable,
  gateways: object({ 'istio-ingressgateway': gatewayTable, 'istio-egressgateway': gatewayTable, ...withoutEffect.gateways }),
  base: object({ enableCRDTemplates: bool(), ...withoutEffect.base }),
  istiodRemote: object({ enabled: bool(), ...withoutEffect.istiodRemote }),
  ...withoutEffect.root,
});
export type InstallValues = Infer<typeof valueTable>;

/** A revision is part of names and a label's value. */
function revisionName(revision: string): string | undefined {
  return /^([a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?)?$/.test(revision) ? undefined : 'must be a lower-case DNS label of at most 52 characters';
}

/** An IstioOperator's `spec`: which components, and with which values. */
const kubeSettings = object({
  replicaCount: int({ min: 0, max: 1000 }),
  resources,
  env: list(object({ name: string({ required: true }), value: string() })),
  hpaSpec: object({ minReplicas: count, maxReplicas: count }),
  podAnnotations: map(string()),
  serviceAnnotations: map(string()),
  service: object({
    type: choice(['LoadBalancer', 'ClusterIP', 'NodePort']),
    ports: list(servicePort),
    loadBalancerIP: string(),
    loadBalancerSourceRanges: list(string()),
    externalTrafficPolicy: choice(['Cluster', 'Local']),
  }),
  nodeSelector: map(string()),
  affinity: struct(),
  tolerations: list(struct()),
});
export type KubeSettings = Infer<typeof kubeSettings>;

const component = object({ enabled: bool(), k8s: kubeSettings });

/** Without a name it is the profile's gateway at the same place of the list. */
const gatewayComponent = object({
  name: string({ check: dnsLabel }),
  enabled: bool(),
  namespace: string({ check: dnsLabel }),
  label: map(string()),
  k8s: kubeSettings,
});
export type GatewayComponent = Infer<typeof gatewayComponent>;

export const profileNames = ['default', 'demo', 'minimal', 'empty', 'preview', 'remote'] as const;
export type ProfileName = (typeof profileNames)[number];

export const operatorTable = object({
  profile: choice(profileNames),
  revision: string({ check: revisionName }),
  hub: string(),
  tag,
  namespace: string({ check: dnsLabel }),
  meshConfig,
  components: object({
    base: component,
    pilot: component,
    ingressGateways: list(gatewayComponent),
    egressGateways: list(gatewayComponent),
    istiodRemote: component,
    ...withoutEffect.components,
  }),
  values: valueTable,
  ...withoutEffect.operator,
});
export type OperatorSpec = Infer<typeof operatorTable>;
