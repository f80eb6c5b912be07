import type { ServiceTarget } from '../../model/service-target.ts';

/** One inbound cluster before it is built; `bind` empty: wherever the client meant to go. */
export interface InboundCluster {
  /** In its name: the target port, or the port of the Sidecar's ingress listener. */
  readonly clusterPort: number;
  readonly bind: string;
  readonly bindPort: number;
  /** Oldest service first: it decides about protocol and policy, all of them are named in the metadata. */
  readonly targets: readonly [ServiceTarget, ...ServiceTarget[]];
}
