import type {
  TcpProxy,
  _envoy_extensions_filters_network_tcp_proxy_v3_TcpProxy_TunnelingConfig as TunnelingConfig,
} from '../../envoy/generated/envoy/extensions/filters/network/tcp_proxy/v3/TcpProxy.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import type { TrafficPolicy } from '../../mesh/traffic-policy/traffic-policy.ts';
import { virtualHostName } from '../names.ts';

/** What a TCP proxy asks of the DestinationRule in force. */
export type TcpRule = Pick<EffectiveRule, 'trafficPolicy' | 'subsets'>;

/** A connection can only be hashed by where it comes from. A subset with any load balancer of its own decides for itself. */
export function buildTcpHashPolicy(rule: TcpRule | undefined, subset: string): TcpProxy['hash_policy'] {
  const own = policyOfSubset(rule, subset)?.loadBalancer;
  const balancer = own ?? rule?.trafficPolicy?.loadBalancer;
  return balancer?.consistentHash?.useSourceIp === true ? [{ source_ip: {} }] : undefined;
}

/** CONNECT (or POST) to a proxy outside the mesh. A subset takes nothing over from the rule here, as in istiod. */
export function buildTunneling(rule: TcpRule | undefined, subset: string): TunnelingConfig | undefined {
  const tunnel = subset === '' ? rule?.trafficPolicy?.tunnel : policyOfSubset(rule, subset)?.tunnel;
  if (tunnel === undefined) return undefined;
  return { hostname: virtualHostName(tunnel.targetHost, tunnel.targetPort), ...(tunnel.protocol === 'POST' && { use_post: true }) };
}

function policyOfSubset(rule: TcpRule | undefined, name: string): TrafficPolicy | undefined {
  return rule?.subsets.find(({ subset }) => subset.name === name)?.subset.trafficPolicy;
}
