import type { Endpoint } from '../model/endpoint.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { serviceKey } from '../model/service.ts';
import type { Delivered, EndpointChoice } from '../simulate/outcome.ts';
import type { ExplainWorld } from './explain-world.ts';
import type { Receiver } from './explanation.ts';
import { locateOrigin } from './locate-origin.ts';
import { parseClusterName } from './origins/cluster-name.ts';
import { serviceSeenFrom } from './origins/service-origin.ts';

export interface ReceivedFrom {
  /** Of the client. */
  readonly namespace: string;
  readonly speaksTls: boolean;
}

/** Who may get a request: the workloads behind the addresses of a cluster. */
export function receiversOf(world: ExplainWorld, from: ReceivedFrom, { cluster, endpoints, request }: Delivered): readonly Receiver[] {
  const known = knownEndpoints(world, from.namespace, cluster);
  const plain = from.speaksTls && request === undefined ? 'TLS of the client' : 'plain text';
  return endpoints.map((choice) => receiverOf(world, choice, known, plain));
}

function receiverOf(world: ExplainWorld, choice: EndpointChoice, known: readonly Endpoint[], plain: string): Receiver {
  const { address, share, priority, locality, tls } = choice;
  const workload = world.workloadAt(hostOf(address));
  const endpoint = known.find((each) => `${each.address}:${each.port}` === address || each.address === address);
  const name = workload?.name ?? endpoint?.workloadName;
  const source = workload?.source;
  return {
    address,
    share,
    priority,
    locality,
    tls: tls.mode === 'mutual' ? 'mutual TLS' : tls.mode === 'tls' ? 'TLS' : plain,
    ...(name !== undefined && name !== '' && { workload: name }),
    ...(source && { origin: locateOrigin(world, source, fieldOf(world, source)) }),
    ...(!source && inlineOrigin(world, hostOf(address))),
  };
}

/** Endpoints written inside of a ServiceEntry are no objects of their own. */
function inlineOrigin(world: ExplainWorld, address: string): Pick<Receiver, 'origin'> {
  for (const entry of world.table('ServiceEntry').get().values()) {
    const index = (entry.spec.endpoints ?? []).findIndex((endpoint) => endpoint.address === address);
    if (index < 0) continue;
    const { kind, namespace, name } = entry;
    return { origin: locateOrigin(world, { kind, namespace, name }, ['spec', 'endpoints', index]) };
  }
  return {};
}

/** Inline entries of a ServiceEntry are named after it and numbered. */
function fieldOf(_: ExplainWorld, { kind }: ObjectRef): readonly string[] {
  return kind === 'WorkloadEntry' ? ['spec', 'address'] : kind === 'Pod' ? ['metadata', 'name'] : [];
}

function knownEndpoints(world: ExplainWorld, namespace: string, cluster: string): readonly Endpoint[] {
  const hostname = parseClusterName(cluster)?.hostname;
  const service = hostname === undefined ? undefined : serviceSeenFrom(world, namespace, hostname);
  return service === undefined ? [] : (world.mesh.endpoints.lookup(serviceKey(service)) ?? []);
}

/** `10.0.0.1` of `10.0.0.1:80`, `2001:db8::1` of `[2001:db8::1]:80`. */
export function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

export function portOf(address: string): number {
  return Number(/:(\d+)$/.exec(address)?.[1] ?? 0);
}
