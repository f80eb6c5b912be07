import { typeUrls } from '../envoy/type-urls.ts';
import type { Clock } from '../lib/clock.ts';
import { toStruct } from '../lib/struct.ts';
import type { XdsSource } from '../xds/views/xds-source.ts';

/** How long what was prepared is kept for proxies that are to come: after a restart they are back within seconds. */
const keptMs = 60_000;
/** The youngest of Istio's proxies, from which on nothing is left out. */
const istioVersion = '1.30.0';
const types = ['CDS', 'EDS', 'LDS', 'RDS', 'VHDS'] as const;

export interface WarmUpOptions {
  readonly source: XdsSource;
  readonly rootNamespace: string;
  readonly clusterId: string;
  readonly clock: Clock;
}

/**
 * Makes what sidecars share before any of them is let in: the first ones would wait for it together, and the event loop would stand
 * still for them when it is already said to be ready. It is what a sidecar of the root namespace is sent without labels or services
 * of its own, so that a Sidecar for the whole mesh narrows this too. It is forgotten after a while where no proxy uses it.
 */
export function warmUp({ source, rootNamespace, clusterId, clock }: WarmUpOptions): void {
  const node = {
    id: `sidecar~0.0.0.0~warm-up.${rootNamespace}~${rootNamespace}.svc.cluster.local`,
    metadata: toStruct({ NAMESPACE: rootNamespace, CLUSTER_ID: clusterId, ISTIO_VERSION: istioVersion }),
  };
  const views = source.admit(node, 'delta');
  if ('refused' in views) throw new Error(views.refused);
  for (const type of types) views.view(typeUrls[type])?.all();
  clock.setTimeout(() => views.close(), keptMs, { unref: true });
}
