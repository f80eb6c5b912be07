import { Counter, Histogram, type Registry } from 'prom-client';
import type { DiscoveryMetrics } from '../../discovery/discovery-metrics.ts';
import { typeUrls } from '../../envoy/type-urls.ts';

/** Istio's boundaries in seconds, and finer ones below them: we are faster than its first. */
const secondsBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 3, 5, 10, 20, 30];
/** Istio's boundaries in bytes (`pilot/pkg/xds/monitoring.go`). */
const configSizeBuckets = [1, 10_000, 1_000_000, 4_000_000, 10_000_000, 40_000_000];
const pushBytesBuckets = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/** Types whose rejections Istio also counts by proxy. */
const rejectedTypes: readonly (readonly [typeUrl: string, short: string])[] = [
  [typeUrls.CDS, 'cds'],
  [typeUrls.EDS, 'eds'],
  [typeUrls.LDS, 'lds'],
  [typeUrls.RDS, 'rds'],
];

export interface PushMetrics extends DiscoveryMetrics {
  /** A proxy refused a response of that type; the discovery server's `onNack` tells who. */
  rejectedBy(nodeId: string, typeUrl: string): void;
}

/** What the discovery server counts, under Istio's names where Istio has one. */
export function pushMetrics(registry: Registry): PushMetrics {
  const seconds = (name: string, help: string) => new Histogram({ name, help, buckets: secondsBuckets, registers: [registry] });
  const bytes = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, labelNames: ['type'], registers: [registry] });
  const byType = (name: string, help: string) => new Counter({ name, help, labelNames: ['type'], registers: [registry] });

  const pushes = byType('pilot_xds_pushes', 'Responses sent to proxies, by type of resource.');
  const sizes = bytes('pilot_xds_config_size_bytes', 'Sizes of the responses sent to proxies.', configSizeBuckets);
  const pushBytes = bytes('coxswain_push_bytes', 'Sizes of the responses sent to proxies, in finer steps.', pushBytesBuckets);
  const pushTime = new Histogram({
    name: 'pilot_xds_push_time',
    help: 'Seconds in which a response was made and handed to the transport.',
    buckets: secondsBuckets,
    labelNames: ['type'],
    registers: [registry],
  });
  const sendTime = seconds('pilot_xds_send_time', 'Seconds from handing a response to the transport until it had left.');
  const triggers = byType('pilot_push_triggers', 'Pushes to the proxies concerned, by what led to them.');
  const debounceTime = seconds('pilot_debounce_time', 'Seconds from the first change of a push until the push began.');
  const changeTime = new Histogram({
    name: 'coxswain_change_time_seconds',
    help: 'Seconds from a change until the last proxy concerned had answered, by type of resource.',
    buckets: secondsBuckets,
    labelNames: ['type'],
    registers: [registry],
  });
  const rejects = byType('pilot_total_xds_rejects', 'Responses that proxies refused.');
  const expired = byType('pilot_xds_expired_nonce', 'Requests that answered a response which was not the last one.');
  const failures = new Counter({
    name: 'pilot_total_xds_internal_errors',
    help: 'Failures while resources were read for a proxy.',
    registers: [registry],
  });
  const timeouts = new Counter({
    name: 'pilot_xds_write_timeout',
    help: 'Streams ended because the client did not read in time.',
    registers: [registry],
  });
  const queueTime = seconds('pilot_proxy_queue_time', 'Seconds from a change until its push to a proxy began.');
  const convergence = seconds('pilot_proxy_convergence_time', 'Seconds from a change until a proxy had answered all it led to.');
  const refusals = new Counter({
    name: 'coxswain_refused_streams_total',
    help: 'Streams that were refused before they began.',
    labelNames: ['reason'],
    registers: [registry],
  });
  const rejectsByNode = rejectCounters(registry);

  return {
    pushed(type, size) {
      pushes.inc({ type });
      sizes.observe({ type }, size);
      pushBytes.observe({ type }, size);
    },
    rejected: (type) => rejects.inc({ type }),
    rejectedBy: (nodeId, typeUrl) => rejectsByNode.get(typeUrl)?.inc({ node: nodeId.split('~')[2] ?? nodeId }),
    nonceExpired: (type) => expired.inc({ type }),
    written: (ms) => sendTime.observe(ms / 1000),
    madeIn: (type, ms) => pushTime.observe({ type }, ms / 1000),
    triggered(reason, waitedMs) {
      triggers.inc({ type: reason });
      debounceTime.observe(waitedMs / 1000);
    },
    changeAnswered: (type, ms) => changeTime.observe({ type }, ms / 1000),
    writeTimedOut: () => timeouts.inc(),
    sourceFailed: () => failures.inc(),
    queued: (ms) => queueTime.observe(ms / 1000),
    converged: (ms) => convergence.observe(ms / 1000),
    refused: (reason) => refusals.inc({ reason }),
  };
}

/** Istio counts these up but calls them gauges; tools ask for the name, so that the type may be right. */
function rejectCounters(registry: Registry): ReadonlyMap<string, Counter> {
  return new Map(
    rejectedTypes.map(([typeUrl, short]) => {
      const help = `Responses of type ${short} that a proxy refused, by proxy.`;
      return [typeUrl, new Counter({ name: `pilot_xds_${short}_reject`, help, labelNames: ['node'], registers: [registry] })];
    }),
  );
}
