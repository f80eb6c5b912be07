import type { Labels } from '../../model/labels.ts';

/** One process of the demo with an Envoy beside it (a gateway is an Envoy alone). */
export interface Workload {
  readonly name: string;
  /** The service that it belongs to. */
  readonly service: 'gateway' | 'frontend' | 'register';
  readonly role: 'router' | 'sidecar';
  /** A loopback address of its own, so that ports never collide and nothing needs root. */
  readonly address: string;
  readonly labels: Labels;
  /** Where its Envoy takes requests from other workloads. */
  readonly inboundPort: number;
  /** Where its Envoy takes the requests of the process beside it. */
  readonly outboundPort?: number;
  readonly version: string;
}

export const namespace = 'demo';
/** Where the processes beside the sidecars listen, each on its own address. */
export const appPort = 8080;
export const registerPort = 12312;
export const frontendPort = 9080;

const register = { service: 'register', role: 'sidecar', inboundPort: registerPort } as const;

/** Who plays in the demo, from the client inwards. Addresses, ports and labels stand in `deploy/demo` too: a test compares them. */
export const cast: readonly Workload[] = [
  { name: 'gateway', service: 'gateway', role: 'router', address: '127.0.1.1', labels: { app: 'gateway' }, inboundPort: 8080, version: '' },
  {
    name: 'frontend',
    service: 'frontend',
    role: 'sidecar',
    address: '127.0.1.20',
    labels: { app: 'frontend', version: 'v1' },
    inboundPort: frontendPort,
    outboundPort: registerPort,
    version: 'v1',
  },
  {
    ...register,
    name: 'register-v1-a',
    address: '127.0.1.11',
    labels: { app: 'register', version: 'v1', instance: 'v1-a' },
    version: 'v1',
  },
  {
    ...register,
    name: 'register-v1-b',
    address: '127.0.1.12',
    labels: { app: 'register', version: 'v1', instance: 'v1-b' },
    version: 'v1',
  },
  {
    ...register,
    name: 'register-v2-a',
    address: '127.0.1.13',
    labels: { app: 'register', version: 'v2', instance: 'v2-a' },
    version: 'v2',
  },
];

export const gatewayAddress = { host: '127.0.1.1', port: 8080 } as const;
