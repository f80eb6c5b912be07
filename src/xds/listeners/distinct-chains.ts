import type { GatewayChain } from './gateway-chain.ts';

/**
 * Each server name, of each application protocol, for the first chain that takes it: Envoy refuses a listener where two chains match the
 * same. Hosts of servers are told apart with their namespaces (`checkDuplicates`), so that `shop/a.com` stands beside `a.com`: Istio
 * sends both, and Envoy keeps what it had.
 */
export function withDistinctMatches(chains: readonly GatewayChain[]): readonly GatewayChain[] {
  const taken = new Set<string>();
  return chains.flatMap((chain) => {
    const names = chain.sniHosts.length === 0 || chain.sniHosts.includes('*') ? ['*'] : chain.sniHosts;
    const keysOf = (name: string) => (chain.applicationProtocols ?? ['']).map((protocol) => `${name}|${protocol}`);
    const left = names.filter((name) => !keysOf(name).some((key) => taken.has(key)));
    for (const key of left.flatMap(keysOf)) taken.add(key);
    if (left.length === names.length) return [chain];
    return left.length === 0 ? [] : [{ ...chain, sniHosts: left }];
  });
}
