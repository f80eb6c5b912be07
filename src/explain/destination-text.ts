import { parseClusterName } from './origins/cluster-name.ts';

type Parsed = NonNullable<ReturnType<typeof parseClusterName>>;

/** `reviews.default.svc.cluster.local, port 9080`. */
export function hostText({ hostname, port }: Pick<Parsed, 'hostname' | 'port'>): string {
  return `${hostname}, port ${port}`;
}

/** What a cluster stands for, as the user knows it: `subset v2 of reviews.default.svc.cluster.local, port 9080`. */
export function destinationText(cluster: string): string {
  const parsed = parseClusterName(cluster);
  if (parsed === undefined)
    return cluster === 'PassthroughCluster' ? 'the address that the client wanted, past the mesh (PassthroughCluster)' : cluster;
  if (parsed.direction === 'inbound') return `the application, port ${parsed.port}`;
  return `${parsed.subset === '' ? '' : `subset ${parsed.subset} of `}${hostText(parsed)}`;
}
