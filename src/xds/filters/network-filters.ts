import { sniForwardProxy } from './forward-proxy-filter.ts';
import type { FilterContext, ForwardedService } from './listener-class.ts';
import { tcpPeerMetadata } from './peer-metadata.ts';
import { statsFilters } from './stats-filter.ts';
import type { TypedFilter } from './typed-filter.ts';

/** Network filters that policies and extensions contribute, each at its place in the chain. */
export interface NetworkPolicyFilters {
  /** AuthorizationPolicy with action CUSTOM. */
  readonly customAuthorization?: readonly TypedFilter[];
  /** TrafficExtension by phase. */
  readonly authnExtensions?: readonly TypedFilter[];
  readonly authzExtensions?: readonly TypedFilter[];
  readonly authorization?: readonly TypedFilter[];
  readonly statsExtensions?: readonly TypedFilter[];
  readonly otherExtensions?: readonly TypedFilter[];
}

export interface NetworkFilterInput<F> {
  readonly context: FilterContext;
  readonly port: number;
  /** The TCP proxy and what goes with it. */
  readonly terminal: readonly F[];
  readonly service?: ForwardedService;
  readonly policies?: NetworkPolicyFilters;
}

/** The filters of a chain that hands on bytes. Their order is that of the array, and Istio's (`buildCompleteNetworkFilters`). */
export function tcpFilterChain<F>({ context, port, terminal, service, policies = {} }: NetworkFilterInput<F>): (F | TypedFilter)[] {
  const steps: readonly (readonly (F | TypedFilter)[] | undefined)[] = [
    context.class === 'sidecar-inbound' ? tcpPeerMetadata(context) : [],
    policies.customAuthorization,
    policies.authnExtensions,
    policies.authzExtensions,
    policies.authorization,
    policies.statsExtensions,
    policies.otherExtensions,
    statsFilters(context),
    sniForwardProxy(context, service, port),
    terminal,
  ];
  return steps.flatMap((filters) => filters ?? []);
}

/** The filters before the HTTP connection manager: requests are authorized and counted inside it. */
export function filtersBeforeHttp(context: FilterContext, policies: NetworkPolicyFilters = {}): TypedFilter[] {
  const steps: readonly (readonly TypedFilter[] | undefined)[] = [
    context.class === 'sidecar-inbound' ? tcpPeerMetadata(context) : [],
    policies.authnExtensions,
    policies.authzExtensions,
    policies.statsExtensions,
    policies.otherExtensions,
  ];
  return steps.flatMap((filters) => filters ?? []);
}
