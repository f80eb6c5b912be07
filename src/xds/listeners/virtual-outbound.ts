import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { listenerAccessLogs } from '../filters/access-log.ts';
import { resolvesUnknownHosts } from '../filters/forward-proxy-filter.ts';
import { buildHttpConnectionManager } from '../filters/http-connection-manager.ts';
import { buildCatchAllVirtualHost } from '../routes/catch-all-virtual-host.ts';
import { outboundTableFields } from '../routes/sidecar-route-config.ts';
import { plainHttpVersions } from './http-versions.ts';
import { additionalAddresses, listenerAddress, wildcardAddresses } from './listener-addresses.ts';
import { httpInspector } from './listener-filters.ts';
import type { OutboundWorld } from './outbound-entry.ts';
import { blackHoleChain, unknownDestinationFilters } from './passthrough-chain.ts';
import { outboundPort } from './reserved-ports.ts';

type VirtualOutboundInput = Pick<OutboundWorld, 'context' | 'httpPolicies'>;

/**
 * The listener that redirected outbound traffic arrives at: it hands connections to the listener of their destination, and
 * keeps those that have none (Istio `buildVirtualOutboundListener`). Undefined where nothing is redirected.
 */
export function buildVirtualOutbound(input: VirtualOutboundInput): Listener | undefined {
  const { context } = input;
  const { scope, settings } = context;
  const { interception } = scope.features;
  if (interception === 'NONE') return undefined;
  const [address, ...others] = wildcardAddresses(scope);
  const port = outboundPort(settings);
  const accessLogs = listenerAccessLogs(context);
  const sniffs = resolvesUnknownHosts(context);
  return {
    name: 'virtualOutbound',
    address: listenerAddress(address, port),
    ...additionalAddresses(settings.flags.ISTIO_DUAL_STACK ? others : [], port),
    ...(interception === 'TPROXY' && { transparent: { value: true } }),
    use_original_dst: { value: true },
    traffic_direction: 'OUTBOUND',
    max_connections_to_accept_per_socket_event: { value: 1 },
    ...(sniffs && { listener_filters: [httpInspector] }),
    ...(accessLogs.length > 0 && { access_log: accessLogs }),
    filter_chains: [
      blackHoleChain('virtualOutbound-blackhole', port, context),
      ...(sniffs ? [resolvingChain(input)] : []),
      { name: 'virtualOutbound-catchall-tcp', filters: unknownDestinationFilters(context) },
    ],
  };
}

/** Plain HTTP to hosts that nobody knows, resolved by name (outbound traffic policy ALLOW_ANY_DYNAMIC_DNS). */
function resolvingChain({ context, httpPolicies }: VirtualOutboundInput): FilterChain {
  const { settings, outboundPolicy } = context;
  const manager = buildHttpConnectionManager({
    context,
    statPrefix: 'outbound_virtualOutbound_allow_any_dynamic_dns;',
    routes: {
      name: 'allow_any_dynamic_dns',
      ...outboundTableFields,
      virtual_hosts: [buildCatchAllVirtualHost(settings, outboundPolicy)],
      ignore_port_in_host_matching: true,
    },
    protocol: 'HTTP',
    port: 0,
    ...(httpPolicies && { policies: httpPolicies }),
  });
  return {
    name: 'virtualOutbound-catchall-tcp-http',
    filter_chain_match: { application_protocols: plainHttpVersions(settings) },
    filters: [manager],
  };
}
