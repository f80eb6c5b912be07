import { Engine } from '../../incremental/engine.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import { RegistrySet } from '../registry-set.ts';
import { ServiceController } from '../service-controller.ts';
import { TableRegistry } from '../table-registry.ts';
import type { MergeRule } from './merge-rules.ts';
import type { NameAddresses } from './named-endpoints.ts';

/** For tests: Kubernetes and ServiceEntries beside two Consul datacenters and an etcd, all empty, observed as the server observes them. */
export function mergedMesh() {
  const engine = new Engine();
  const kube = new TableRegistry(engine, 'Kubernetes', 'Kubernetes');
  const external = new TableRegistry(engine, 'External', 'External');
  const [dc1, dc2] = [new TableRegistry(engine, 'dc1'), new TableRegistry(engine, 'dc2')];
  const etcd = new TableRegistry(engine, 'etcd', 'Etcd');
  const rules = engine.table<MergeRule>();
  const resolved = engine.input<NameAddresses>(new Map());
  const registries = new RegistrySet({ engine, fixed: [kube, external], rules, nameAddresses: resolved });
  for (const [order, registry] of [dc1, dc2, etcd].entries()) registries.add(registry, order);
  const controller = new ServiceController(registries);
  const { services, endpoints, workloads, issues } = controller;
  for (const cell of [services, endpoints, workloads, issues]) engine.observe(cell, () => undefined);
  return {
    ...{ engine, kube, external, dc1, dc2, etcd, rules, resolved, registries, controller },
    service(hostname: string, namespace = 'default'): Service | undefined {
      return services.lookup(`${namespace}/${hostname}`);
    },
    endpoints(hostname: string, namespace = 'default'): readonly Endpoint[] {
      return endpoints.lookup(`${namespace}/${hostname}`) ?? [];
    },
    addresses(hostname: string, namespace = 'default'): readonly string[] {
      return (endpoints.lookup(`${namespace}/${hostname}`) ?? []).map(({ address }) => address);
    },
    codes(): readonly string[] {
      return issues.get().map(({ code }) => code);
    },
  };
}

export type MergedMesh = ReturnType<typeof mergedMesh>;
