/** WorkloadGroup: the template of WorkloadEntries that register themselves. */

import { list, map, object, required, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { int32, string, uint32 } from '../field/scalars.ts';
import { strictHeaderName } from '../parts/name-checks.ts';
import { workloadEntry } from '../workload-entry/workload-entry.ts';

const workloadGroupMetadata = object({
  labels: map(string(), { maxEntries: 256 }),
  annotations: map(string(), { maxEntries: 256 }),
});
export type WorkloadGroupMetadata = Infer<typeof workloadGroupMetadata>;

const httpHeader = object({
  name: string({ check: strictHeaderName }),
  value: string(),
});
export type HttpHeader = Infer<typeof httpHeader>;

const httpHealthCheck = object({
  path: string(),
  port: uint32({ min: 1, max: 65535, required: true }),
  host: string(),
  scheme: withRules(string(), [{ rule: 'self in ["", "HTTP", "HTTPS"]', message: 'scheme must be one of [HTTP, HTTPS]' }]),
  httpHeaders: list(httpHeader),
});
export type HttpHealthCheck = Infer<typeof httpHealthCheck>;

const tcpHealthCheck = object({
  host: string(),
  port: uint32({ min: 1, max: 65535, required: true }),
});
export type TcpHealthCheck = Infer<typeof tcpHealthCheck>;

const execHealthCheck = object({
  command: required(list(string({ minLength: 1 }))),
});
export type ExecHealthCheck = Infer<typeof execHealthCheck>;

const grpcHealthCheckConfig = object({
  port: uint32({ min: 1, max: 65535 }),
  service: string(),
});
export type GrpcHealthCheckConfig = Infer<typeof grpcHealthCheckConfig>;

export const readinessProbe = object(
  {
    initialDelaySeconds: int32({ min: 0 }),
    timeoutSeconds: int32({ min: 0 }),
    periodSeconds: int32({ min: 0 }),
    successThreshold: int32({ min: 0 }),
    failureThreshold: int32({ min: 0 }),
    httpGet: httpHealthCheck,
    tcpSocket: tcpHealthCheck,
    exec: execHealthCheck,
    grpc: grpcHealthCheckConfig,
  },
  { atMostOneOf: [['httpGet', 'tcpSocket', 'exec', 'grpc']] },
);
export type ReadinessProbe = Infer<typeof readinessProbe>;

export const workloadGroup = object({
  metadata: workloadGroupMetadata,
  template: required(workloadEntry),
  probe: readinessProbe,
});
export type WorkloadGroup = Infer<typeof workloadGroup>;
