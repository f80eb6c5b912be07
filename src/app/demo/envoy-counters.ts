/** Requests by how they were answered. */
export interface RequestCount {
  /** 2xx and 3xx. */
  readonly ok: number;
  /** 4xx and 5xx. */
  readonly failed: number;
}

/** What one Envoy has counted since it started. */
export interface EnvoyCounters {
  /** Requests taken, by listener: `127.0.1.20_9080`. */
  readonly listeners: ReadonlyMap<string, RequestCount>;
  /** Requests handed on, by cluster: `outbound|12312|v1|register.demo.svc.cluster.local`. */
  readonly clusters: ReadonlyMap<string, RequestCount>;
}

export const nothingCounted: RequestCount = { ok: 0, failed: 0 };

/** For Envoy's `/stats?filter=`: the few counters that are read. */
export const countersFilter = String.raw`(^listener\..*\.http\..*\.downstream_rq_[2345]xx$|^cluster\..*upstream_rq_[2345]xx$)`;

const ofListener = /^listener\.(.+?)\.http\..+\.downstream_rq_([2345])xx$/;
/** Istio's control plane ends a cluster's stat name with `;`. */
const ofCluster = /^cluster\.(.+?);?\.upstream_rq_([2345])xx$/;

/** Sorts Envoy's statistics by listener and cluster; everything else is passed over. */
export function envoyCounters(stats: ReadonlyMap<string, number>): EnvoyCounters {
  const listeners = new Map<string, RequestCount>();
  const clusters = new Map<string, RequestCount>();
  for (const [name, value] of stats) {
    const listener = ofListener.exec(name);
    const cluster = listener ? null : ofCluster.exec(name);
    if (listener) add(listeners, listener, value);
    else if (cluster && !/;?\.(?:internal|external|canary)$/.test(cluster[1] ?? '')) add(clusters, cluster, value);
  }
  return { listeners, clusters };
}

function add(counts: Map<string, RequestCount>, [, name = '', klass = '']: RegExpExecArray, value: number): void {
  const { ok, failed } = counts.get(name) ?? nothingCounted;
  const isOk = klass === '2' || klass === '3';
  counts.set(name, isOk ? { ok: ok + value, failed } : { ok, failed: failed + value });
}
