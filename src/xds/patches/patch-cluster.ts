import type { Cluster } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { TransportSocket } from '../../envoy/generated/envoy/config/core/v3/TransportSocket.ts';
import { patchedTypes } from './compile-filter.ts';
import { type CompiledPatch, isMerge } from './compiled-patch.ts';
import { parseClusterName } from './parse-cluster-name.ts';
import type { Plain } from './patch-codec.ts';
import { mergeValue, type PatchRun, patchesFor } from './patch-run.ts';

/** A cluster after all patches (Istio `ApplyClusterMerge`); undefined: it is removed. `hosts` are the services behind an inbound one. */
export function patchCluster(cluster: Cluster, hosts: readonly string[], run: PatchRun): Cluster | undefined {
  let patched = cluster;
  for (const patch of patchesFor(run, 'CLUSTER')) {
    if (!matchesCluster(patched.name ?? '', hosts, patch)) continue;
    if (patch.operation === 'REMOVE') {
      run.applied.add(patch);
      return undefined;
    }
    if (isMerge(patch)) patched = mergeCluster(patched, patch, run);
  }
  return patched;
}

/** Whether `match.cluster` takes the cluster of that name. A name alone decides where it is stated. */
export function matchesCluster(clusterName: string, hosts: readonly string[], { match }: CompiledPatch): boolean {
  const wanted = match.cluster;
  if (wanted === undefined) return true;
  if (wanted.name) return wanted.name === clusterName;
  const { direction, port, subset, host } = parseClusterName(clusterName);
  const candidates = direction === 'inbound' && hosts.length > 0 ? hosts : [host];
  if (wanted.subset && wanted.subset !== subset) return false;
  if (wanted.service && !candidates.includes(wanted.service)) return false;
  return !wanted.portNumber || wanted.portNumber === port;
}

/**
 * A patch with a transport socket changes nothing but that: of the same name it is merged inside, else it takes the other's
 * place; where the cluster chooses among several (auto mTLS), the one of the same name is merged and none is added
 * (Istio `mergeTransportSocketCluster`).
 */
function mergeCluster(cluster: Cluster, patch: CompiledPatch, run: PatchRun): Cluster {
  const wanted = (patch.value as Cluster).transport_socket;
  if (!wanted) return mergeValue(run, patch, patchedTypes.CLUSTER ?? '', cluster);
  const { transport_socket: socket, transport_socket_matches: matches = [] } = cluster;
  if (matches.length > 0) {
    const at = matches.findIndex((candidate) => candidate.transport_socket?.name === wanted.name);
    const merged = mergeSocket(matches[at]?.transport_socket, wanted, patch, run);
    return merged === undefined
      ? cluster
      : { ...cluster, transport_socket_matches: matches.with(at, { ...matches[at], transport_socket: merged }) };
  }
  if (!socket || socket.name !== wanted.name) {
    run.applied.add(patch);
    return { ...cluster, transport_socket: wanted };
  }
  const merged = mergeSocket(socket, wanted, patch, run);
  return merged === undefined ? cluster : { ...cluster, transport_socket: merged };
}

function mergeSocket(
  into: TransportSocket | null | undefined,
  from: TransportSocket,
  patch: CompiledPatch,
  run: PatchRun,
): TransportSocket | undefined {
  if (!into?.typed_config || !from.typed_config) return undefined;
  const merged = run.codec.mergeInside(into.typed_config as Plain, from.typed_config as Plain);
  if (merged === undefined) {
    run.failures.set(patch, `cannot be merged into the transport socket ${into.name}: it has another type`);
    return undefined;
  }
  run.applied.add(patch);
  return { ...into, typed_config: merged } as TransportSocket;
}
