import type { ObjectRef } from '../../model/object-ref.ts';
import type { HttpRoute } from '../../schema/virtual-service/http-route.ts';
import type { TcpRoute, TlsRoute } from '../../schema/virtual-service/virtual-service.ts';

/** The word for all sidecars in the `gateways` of a VirtualService. */
export const meshGateway = 'mesh';

/** Where a rule was written: what provenance, explain and NACK blame point at. */
export interface RuleOrigin {
  readonly source: ObjectRef;
  /** Position in `spec.http`, `spec.tls` or `spec.tcp` of the source. */
  readonly index: number;
  /** Positions in the source's `match` of each match of the rule, where they are not the same: of delegates and their roots. */
  readonly matches?: readonly (number | undefined)[];
  /** The rule of the root that handed over to the delegate which `source` names. */
  readonly delegatedBy?: RuleOrigin;
}

export interface ResolvedRule {
  readonly origin: RuleOrigin;
}

export type HttpRule = HttpRoute & ResolvedRule;
export type TlsRule = TlsRoute & ResolvedRule;
export type TcpRule = TcpRoute & ResolvedRule;

/**
 * Whose rules apply to the routes: those of VirtualService, or of the Ingress or Gateway API object that it was made
 * from (annotation `internal.istio.io/route-semantics`).
 */
export type RouteSemantics = 'virtual-service' | 'ingress' | 'gateway';

/** A VirtualService with every name in full; nothing in it depends on the place where it is read any more. */
export interface ResolvedVirtualService {
  readonly name: string;
  readonly namespace: string;
  readonly source: ObjectRef;
  /** Milliseconds since the epoch: the oldest wins. */
  readonly createdAt: number;
  readonly semantics: RouteSemantics;
  /** Sources of a synthesised object, `HTTPRoute/name.namespace` (annotation `internal.istio.io/parents`); empty otherwise. */
  readonly parents: readonly string[];
  /** Full names in lower case. Empty: a delegate, which serves only as a part of others. */
  readonly hosts: readonly string[];
  /** `mesh` or `namespace/name`; never empty. */
  readonly gateways: readonly string[];
  /** Namespaces that see it; `.` is resolved, the mesh default filled in; never empty. */
  readonly exportTo: readonly string[];
  readonly http: readonly HttpRule[];
  readonly tls: readonly TlsRule[];
  readonly tcp: readonly TcpRule[];
}

/** Whether it binds to one of these gateways (`mesh` for sidecars). */
export function bindsTo(virtualService: ResolvedVirtualService, gateway: string): boolean {
  return virtualService.gateways.includes(gateway);
}
