import type { Service, ServicePort } from './service.ts';

/** One port of one service that a proxy's own workload serves: what inbound listeners and clusters are made from. */
export interface ServiceTarget {
  readonly service: Service;
  readonly port: ServicePort;
  /** Port the workload listens on. */
  readonly targetPort: number;
}
