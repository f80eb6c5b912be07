import type { Table } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { RegistryProvider, Service } from '../model/service.ts';
import type { Workload } from '../model/workload.ts';
import { registryLabels } from './augment-labels.ts';
import { configuredStatus, type RegistryStatus } from './registry-status.ts';
import type { ServiceRegistry } from './service-registry.ts';

/** For tests: a registry that says what its tables hold. */
export class TableRegistry implements ServiceRegistry {
  readonly id: string;
  readonly provider: RegistryProvider;
  readonly clusterId: string;
  readonly services: Table<Service>;
  readonly endpoints: Table<readonly Endpoint[]>;
  readonly workloads: Table<Workload>;
  isSynced = true;

  constructor(engine: Engine, id: string, provider: RegistryProvider = 'Consul') {
    this.id = id;
    this.provider = provider;
    this.clusterId = id;
    this.services = engine.table();
    this.endpoints = engine.table();
    this.workloads = engine.table();
  }

  /** The service `default/<hostname>`, with endpoints at port 80 of these addresses. */
  put(hostname: string, addresses: readonly string[], change: Partial<Service> = {}): void {
    const service = aService({ provider: this.provider, clusterId: this.id, hostname, ...change });
    const key = `${service.namespace}/${service.hostname}`;
    this.services.set(key, service);
    this.endpoints.set(
      key,
      addresses.map((address) => anEndpoint({ address, clusterId: this.id, labels: registryLabels(this) })),
    );
  }

  delete(key: string): void {
    this.services.delete(key);
    this.endpoints.delete(key);
  }

  hasSynced(): boolean {
    return this.isSynced;
  }

  status: () => RegistryStatus = () => configuredStatus(this);
}

export const httpPort = { number: 80, name: 'http', protocol: 'HTTP' } as const;

export function aService(change: Partial<Service> = {}): Service {
  const hostname = change.hostname ?? 'a.com';
  return {
    hostname,
    namespace: 'default',
    name: hostname,
    provider: 'External',
    clusterId: 'Kubernetes',
    ports: [httpPort],
    resolution: 'ClientSideLB',
    meshExternal: true,
    addresses: [],
    autoAllocated: {},
    exportTo: ['*'],
    serviceAccounts: [],
    labels: {},
    selector: {},
    createdAt: 0,
    targetPorts: {},
    internalTrafficPolicyLocal: false,
    publishNotReadyAddresses: false,
    externalAddresses: [],
    source: { kind: 'ServiceEntry', namespace: 'default', name: 'a' },
    ...change,
  };
}

export function anEndpoint(change: Partial<Endpoint> = {}): Endpoint {
  return {
    address: '1.1.1.1',
    port: 80,
    portName: 'http',
    labels: {},
    locality: '',
    weight: 1,
    health: 'HEALTHY',
    serviceAccount: '',
    network: '',
    clusterId: 'Kubernetes',
    namespace: 'default',
    workloadName: '',
    tlsMode: 'disabled',
    ...change,
  };
}
