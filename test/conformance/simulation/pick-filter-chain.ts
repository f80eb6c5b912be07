import type { FilterChain } from '../../../src/envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { FilterChainMatch } from '../../../src/envoy/generated/envoy/config/listener/v3/FilterChainMatch.ts';
import { containsCidr, parseCidr } from '../../../src/lib/cidr.ts';
import { isSubsetOf } from '../../../src/model/hostname.ts';

/** A connection as the listener filters have seen it. */
export interface SeenConnection {
  readonly port: number;
  readonly address: string;
  readonly sni: string;
  readonly transportProtocol: 'tls' | 'raw_buffer';
  readonly alpn: string;
}

/** One criterion of Envoy's sieve: undefined where the chain does not set it, 0 where it does not hold, else the higher the better. */
type Criterion = (match: FilterChainMatch, connection: SeenConnection) => number | undefined;

/** In the order in which Envoy looks at them. */
const criteria: readonly Criterion[] = [
  ({ destination_port: port }, connection) => (port ? Number(port.value === connection.port) : undefined),
  ({ prefix_ranges: ranges }, { address }) => bestOf(ranges, (range) => prefixRank(range, address)),
  ({ server_names: names }, { sni }) => bestOf(names, (name) => serverNameRank(name, sni)),
  ({ transport_protocol: protocol }, connection) => (protocol ? Number(protocol === connection.transportProtocol) : undefined),
  ({ application_protocols: protocols }, { alpn }) => bestOf(protocols, (protocol) => Number(protocol === alpn)),
];

/**
 * Step 3: the chains that are left after each criterion. Chains that do not set a criterion are forgotten as soon as one that
 * sets it holds.
 */
export function pickFilterChains(chains: readonly FilterChain[], connection: SeenConnection): readonly FilterChain[] {
  let left = chains;
  for (const criterion of criteria) {
    const ranked = left.map((chain) => ({ chain, rank: criterion(chain.filter_chain_match ?? {}, connection) }));
    const best = Math.max(0, ...ranked.map(({ rank }) => rank ?? 0));
    left = ranked.filter(({ rank }) => (best > 0 ? rank === best : rank === undefined)).map(({ chain }) => chain);
  }
  return left;
}

function bestOf<T>(items: readonly T[] | undefined, rank: (item: T) => number): number | undefined {
  return items === undefined || items.length === 0 ? undefined : Math.max(...items.map(rank));
}

/** Of no use here: a prefix of length 0, which ranks like one that does not hold. */
function prefixRank(
  range: { readonly address_prefix?: string; readonly prefix_len?: { readonly value?: number } | null },
  address: string,
): number {
  const length = range.prefix_len?.value ?? 0;
  const outer = parseCidr(`${range.address_prefix}/${length}`);
  const inner = parseCidr(address);
  return outer !== undefined && inner !== undefined && containsCidr(outer, inner) ? length : 0;
}

function serverNameRank(name: string, sni: string): number {
  if (name === sni) return Number.MAX_SAFE_INTEGER;
  return sni !== '' && isSubsetOf(sni, name) ? name.length : 0;
}
