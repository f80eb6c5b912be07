import { compareText } from '../model/config-object.ts';
import type { Endpoint } from '../model/endpoint.ts';

/** The canonical order of a service's endpoints, so that equal sets are equal lists whatever order events came in. */
export function compareEndpoints(a: Endpoint, b: Endpoint): number {
  return (
    compareText(a.address, b.address) ||
    a.port - b.port ||
    compareText(a.portName, b.portName) ||
    compareText(a.network, b.network) ||
    compareText(a.clusterId, b.clusterId) ||
    compareText(a.namespace, b.namespace) ||
    compareText(a.workloadName, b.workloadName) ||
    compareText(a.locality, b.locality)
  );
}

/** What makes two endpoints of one service the same place: network, address, port and the service port they serve. */
export function endpointKey(endpoint: Endpoint): string {
  return `${endpoint.network}|${endpoint.address}|${endpoint.port}|${endpoint.portName}`;
}

/** Sorts, and keeps the first of those with the same key. */
export function canonicalEndpoints(
  endpoints: Iterable<Endpoint>,
  keyOf: (endpoint: Endpoint) => string = endpointKey,
): readonly Endpoint[] {
  const byKey = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const key = keyOf(endpoint);
    if (!byKey.has(key)) byKey.set(key, endpoint);
  }
  return [...byKey.values()].sort(compareEndpoints);
}
