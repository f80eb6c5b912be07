/** Kubernetes Pod: the fields that a mesh and the sidecar injector's reader need. */

import { list, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, int32, intOrString, string } from '../field/scalars.ts';

const containerPort = object({
  name: string(),
  containerPort: int32({ min: 1, max: 65535 }),
  hostPort: int32(),
  protocol: string(),
});
export type ContainerPort = Infer<typeof containerPort>;

const probe = object({
  httpGet: object({ path: string(), port: intOrString(), scheme: string(), host: string() }),
  tcpSocket: object({ port: intOrString(), host: string() }),
  grpc: object({ port: int32(), service: string() }),
});
export type Probe = Infer<typeof probe>;

const container = object({
  name: string(),
  image: string(),
  ports: list(containerPort),
  env: list(object({ name: string(), value: string() })),
  restartPolicy: string(),
  readinessProbe: probe,
  livenessProbe: probe,
  startupProbe: probe,
});
export type Container = Infer<typeof container>;

const podCondition = object({ type: string(), status: string(), lastTransitionTime: string() });
export type PodCondition = Infer<typeof podCondition>;

export const pod = object({
  spec: object({
    serviceAccountName: string(),
    nodeName: string(),
    hostname: string(),
    subdomain: string(),
    hostNetwork: bool(),
    restartPolicy: string(),
    containers: list(container),
    initContainers: list(container),
  }),
  status: object({
    phase: string(),
    podIP: string(),
    podIPs: list(object({ ip: string() })),
    hostIP: string(),
    startTime: string(),
    conditions: list(podCondition),
    containerStatuses: list(object({ name: string(), ready: bool() })),
  }),
});
export type Pod = Infer<typeof pod>;
