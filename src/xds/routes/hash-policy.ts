import type { _envoy_config_route_v3_RouteAction_HashPolicy as HashPolicy } from '../../envoy/generated/envoy/config/route/v3/RouteAction.ts';
import { parseDuration } from '../../lib/duration.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import type { ConsistentHashLb } from '../../schema/destination-rule/load-balancer.ts';
import type { PortTrafficPolicy } from '../../schema/destination-rule/traffic-policy.ts';
import type { Destination } from '../../schema/parts/route-destination.ts';

/** What routes ask of the DestinationRule in force for a host. */
export type HashRule = Pick<EffectiveRule, 'trafficPolicy' | 'subsets'>;

/** What a request is hashed by. Undefined where the rule names no key. */
export function buildHashPolicy(hash: ConsistentHashLb | undefined): HashPolicy | undefined {
  if (hash?.httpHeaderName !== undefined) return { header: { header_name: hash.httpHeaderName } };
  if (hash?.httpCookie !== undefined) return { cookie: buildCookie(hash.httpCookie) };
  if (hash?.useSourceIp !== undefined) return { connection_properties: { source_ip: hash.useSourceIp } };
  return hash?.httpQueryParameterName === undefined ? undefined : { query_parameter: { name: hash.httpQueryParameterName } };
}

function buildCookie(cookie: NonNullable<ConsistentHashLb['httpCookie']>): NonNullable<HashPolicy['cookie']> {
  const ttl = cookie.ttl === undefined ? undefined : parseDuration(cookie.ttl);
  const attributes = (cookie.attributes ?? []).map(({ name, value }) => ({ name, ...(value !== undefined && { value }) }));
  return {
    name: cookie.name,
    ...(ttl !== undefined && { ttl }),
    ...(cookie.path !== undefined && { path: cookie.path }),
    ...(attributes.length > 0 && { attributes }),
  };
}

/** Most specific first: port of the subset, subset, port, rule (Istio `HashForHTTPDestination`). Ports count only where the destination names one. */
export function consistentHashOf(rule: HashRule | undefined, destination: Destination): ConsistentHashLb | undefined {
  const subset = rule?.subsets.find(({ subset }) => subset.name === (destination.subset ?? ''))?.subset.trafficPolicy;
  const port = destination.port?.number;
  return (
    hashOfPort(subset?.portLevelSettings, port) ??
    subset?.loadBalancer?.consistentHash ??
    hashOfPort(rule?.trafficPolicy?.portLevelSettings, port) ??
    rule?.trafficPolicy?.loadBalancer?.consistentHash
  );
}

/** For a service without VirtualService (Istio `hashForService`). */
export function consistentHashOfPort(rule: HashRule | undefined, port: number): ConsistentHashLb | undefined {
  return hashOfPort(rule?.trafficPolicy?.portLevelSettings, port) ?? rule?.trafficPolicy?.loadBalancer?.consistentHash;
}

function hashOfPort(settings: readonly PortTrafficPolicy[] | undefined, port: number | undefined): ConsistentHashLb | undefined {
  if (port === undefined) return undefined;
  return settings?.find((setting) => setting.port?.number === port)?.loadBalancer?.consistentHash;
}
