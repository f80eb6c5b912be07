import type { ConfigObject } from '../../model/config-object.ts';
import type { Service } from '../../model/service.ts';
import type { IstioEgressListener, Sidecar } from '../../schema/sidecar/sidecar.ts';
import type { ResolvedVirtualService } from '../routing/resolved-virtual-service.ts';

/** One egress listener with everything it imports. */
export interface EgressScope {
  /** Absent: the listener that every Sidecar without `egress` has. */
  readonly listener?: IstioEgressListener;
  /** By hostname, in Istio's order. */
  readonly services: ReadonlyMap<string, Service>;
  /** In Istio's order: those of the own namespace first, then by age. */
  readonly virtualServices: readonly ResolvedVirtualService[];
}

/** What a Sidecar object lets its workloads see. */
export interface SidecarScope {
  readonly source: ConfigObject<Sidecar>;
  /** Namespace of the workloads: another than the object's where it is the root namespace's default. */
  readonly namespace: string;
  readonly egress: readonly EgressScope[];
  /** By hostname: all of `egress` and what their VirtualServices route to. Clusters are made of these. */
  readonly services: ReadonlyMap<string, Service>;
}
