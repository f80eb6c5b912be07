/** An outbound or inbound cluster by its name; undefined for those that are there for everybody. */
export interface ClusterName {
  readonly direction: 'outbound' | 'inbound';
  /** Of inbound clusters, the workload's. */
  readonly port: number;
  readonly subset: string;
  /** Empty of inbound ones. */
  readonly hostname: string;
}

/** `outbound|80|v1|reviews.default.svc.cluster.local`, `outbound_.80_.v1_.reviews...`, `inbound|8080||`. */
export function parseClusterName(name: string): ClusterName | undefined {
  const [, direction, port, subset = '', hostname = ''] =
    /^(outbound|inbound)(?:\||_\.)(\d+)(?:\||_\.)([^|]*?)(?:\||_\.)([^|]*)$/.exec(name) ?? [];
  if (direction === undefined || port === undefined) return undefined;
  return { direction: direction === 'inbound' ? 'inbound' : 'outbound', port: Number(port), subset, hostname };
}
