import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { Service } from '../../model/service.ts';
import { inboundVirtualHostName } from '../names.ts';
import { buildInboundRoute, type InboundRouteInput } from './default-route.ts';

/**
 * The inline route table of an inbound chain: one virtual host for whatever host is asked for. For a DYNAMIC_DNS service
 * only its own (wildcard) name, because the host decides where the request goes (Istio `buildRouteVHostDomains`).
 */
export function buildInboundRouteConfig(input: InboundRouteInput, service?: Pick<Service, 'hostname' | 'resolution'>): RouteConfiguration {
  const domain = service?.resolution === 'DynamicDNS' ? service.hostname : '*';
  return {
    name: input.clusterName,
    virtual_hosts: [{ name: inboundVirtualHostName(input.port), domains: [domain], routes: [buildInboundRoute(input)] }],
    validate_clusters: { value: false },
  };
}
