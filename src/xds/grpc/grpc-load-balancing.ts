import type { Cluster } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { LoadBalancer } from '../../mesh/traffic-policy/traffic-policy.ts';
import { typedConfig } from '../clusters/typed-config.ts';

type BalancingFields = Pick<Cluster, 'lb_policy' | 'ring_hash_lb_config' | 'load_balancing_policy'>;

/** The ring's own upper limit; clients refuse a larger lower one. */
const maxRingSize = 8_388_608;
const defaultRingSize = 1024;

/**
 * How an endpoint is chosen: round robin, which is gRPC's default, unless a rule asks for a policy that gRPC has.
 * Consistent hashing is a ring, also where the rule says Maglev. Only some clients know LEAST_REQUEST, and the others
 * refuse a cluster with it in `lb_policy`; so it stands in the list of which a client takes the first that it knows (gRFC A52).
 */
export function grpcLoadBalancing(balancer: LoadBalancer | undefined): BalancingFields {
  const hash = balancer?.consistentHash;
  if (hash !== undefined) {
    const size = hash.ringHash?.minimumRingSize || hash.minimumRingSize || defaultRingSize;
    return { lb_policy: 'RING_HASH', ring_hash_lb_config: { minimum_ring_size: { value: Math.min(size, maxRingSize) } } };
  }
  if (balancer?.simple !== 'LEAST_REQUEST' && balancer?.simple !== 'LEAST_CONN') return {};
  return {
    load_balancing_policy: policies(
      policy('wrr_locality', 'WrrLocality', {
        endpoint_picking_policy: policies(policy('least_request', 'LeastRequest'), policy('round_robin', 'RoundRobin')),
      }),
    ),
  };
}

function policies(...list: readonly object[]): NonNullable<Cluster['load_balancing_policy']> {
  return { policies: list.map((extension) => ({ typed_extension_config: extension })) };
}

function policy(name: string, message: string, config: object = {}): object {
  return {
    name: `envoy.load_balancing_policies.${name}`,
    typed_config: typedConfig(`envoy.extensions.load_balancing_policies.${name}.v3.${message}`, config),
  };
}
