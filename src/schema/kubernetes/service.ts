/** Kubernetes Service: the fields that a mesh reads. */

import { list, map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, int32, intOrString, string } from '../field/scalars.ts';

const kubeServicePort = object({
  name: string(),
  protocol: string(),
  port: int32({ min: 1, max: 65535, required: true }),
  targetPort: intOrString({ min: 0, max: 65535 }),
  nodePort: int32(),
  appProtocol: string(),
});
export type KubeServicePort = Infer<typeof kubeServicePort>;

const loadBalancerIngress = object({
  ip: string(),
  hostname: string(),
  ipMode: string(),
});
export type LoadBalancerIngress = Infer<typeof loadBalancerIngress>;

export const loadBalancerStatus = object({ ingress: list(loadBalancerIngress) });

export const kubeService = object({
  spec: object({
    type: choice(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']),
    clusterIP: string(),
    clusterIPs: list(string()),
    externalIPs: list(string()),
    externalName: string(),
    selector: map(string()),
    ports: list(kubeServicePort),
    ipFamilies: list(string()),
    ipFamilyPolicy: string(),
    internalTrafficPolicy: string(),
    externalTrafficPolicy: string(),
    trafficDistribution: string(),
    publishNotReadyAddresses: bool(),
    loadBalancerClass: string(),
    loadBalancerIP: string(),
    sessionAffinity: string(),
  }),
  status: object({ loadBalancer: loadBalancerStatus }),
});
export type KubeService = Infer<typeof kubeService>;
