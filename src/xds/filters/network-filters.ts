import { type ExtensionFilter, networkExtensions } from '../extensions/extension-filters.ts';
import { sniForwardProxy } from './forward-proxy-filter.ts';
import type { FilterContext, ForwardedService } from './listener-class.ts';
import { tcpPeerMetadata } from './peer-metadata.ts';
import { statsFilters } from './stats-filter.ts';
import type { TypedFilter } from './typed-filter.ts';

/** Network filters that policies contribute, each at its place in the chain. */
export interface NetworkPolicyFilters {
  /** AuthorizationPolicy with action CUSTOM. */
  readonly customAuthorization?: readonly TypedFilter[];
  readonly authorization?: readonly TypedFilter[];
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
export function tcpFilterChain<F>({ context, port, terminal, service, policies = {} }: NetworkFilterInput<F>): (F | ExtensionFilter)[] {
  const extensions = networkExtensions(context, port);
  const steps: readonly (readonly (F | ExtensionFilter)[] | undefined)[] = [
    context.class === 'sidecar-inbound' ? tcpPeerMetadata(context) : [],
    policies.customAuthorization,
    extensions.AUTHN,
    extensions.AUTHZ,
    policies.authorization,
    extensions.STATS,
    extensions.UNSPECIFIED,
    statsFilters(context),
    sniForwardProxy(context, service, port),
    terminal,
  ];
  return steps.flatMap((filters) => filters ?? []);
}

/** The filters before the HTTP connection manager: requests are authorized and counted inside it. */
export function filtersBeforeHttp(context: FilterContext, port: number): ExtensionFilter[] {
  const extensions = networkExtensions(context, port);
  return [
    ...(context.class === 'sidecar-inbound' ? tcpPeerMetadata(context) : []),
    ...extensions.AUTHN,
    ...extensions.AUTHZ,
    ...extensions.STATS,
    ...extensions.UNSPECIFIED,
  ];
}
