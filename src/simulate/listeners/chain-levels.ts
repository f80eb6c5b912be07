import type { CidrRange } from '../../envoy/generated/envoy/config/core/v3/CidrRange.ts';
import type { FilterChainMatch } from '../../envoy/generated/envoy/config/listener/v3/FilterChainMatch.ts';
import { type Cidr, containsCidr, formatCidr, maskCidr, parseCidr } from '../../lib/cidr.ts';
import type { Connection } from './connection.ts';

/** One criterion of a filter chain match. Keys are texts; the empty one stands for a chain that does not ask. */
export interface ChainLevel {
  /** As a person would say it. */
  readonly name: string;
  /** What a chain asks for. */
  keysOf(match: FilterChainMatch): readonly string[];
  /** The keys that would hold, the one that counts first. */
  wanted(connection: Connection, keys: KeyIndex): Iterable<string>;
  /** What the connection has. */
  shown(connection: Connection): string;
}

/** All keys of one level below one choice of the levels before. */
export interface KeyIndex {
  has(key: string): boolean;
  /** Keys that are address ranges, the narrowest first. */
  readonly ranges: readonly { readonly key: string; readonly cidr: Cidr }[];
}

/**
 * Criteria in the order in which Envoy decides on them. What is decided stays so: chains that lost are not looked at again when a later
 * criterion holds for none (Envoy `FilterChainManagerImpl::findFilterChain`).
 */
export const chainLevels: readonly ChainLevel[] = [
  {
    name: 'destination port',
    keysOf: ({ destination_port: port }) => [port ? String(port.value ?? 0) : ''],
    wanted: ({ port }) => [String(port), ''],
    shown: ({ port }) => String(port),
  },
  addressLevel(
    'destination address',
    ({ prefix_ranges }) => prefix_ranges,
    ({ address }) => address,
  ),
  {
    name: 'server name',
    keysOf: ({ server_names }) => orAny((server_names ?? []).map((name) => (name.startsWith('*.') ? name.slice(1) : name))),
    wanted: ({ serverName }) => serverNames(serverName),
    shown: ({ serverName }) => serverName || 'none',
  },
  {
    name: 'transport protocol',
    keysOf: ({ transport_protocol }) => [transport_protocol ?? ''],
    wanted: ({ transportProtocol }) => [transportProtocol, ''],
    shown: ({ transportProtocol }) => transportProtocol,
  },
  {
    name: 'application protocol',
    keysOf: ({ application_protocols }) => orAny(application_protocols),
    wanted: ({ applicationProtocols }) => [...applicationProtocols, ''],
    shown: ({ applicationProtocols }) => applicationProtocols.join(', ') || 'none',
  },
  addressLevel(
    'direct source address',
    ({ direct_source_prefix_ranges }) => direct_source_prefix_ranges,
    ({ sourceAddress }) => sourceAddress,
  ),
  {
    name: 'kind of source',
    keysOf: ({ source_type }) => [sourceTypes[source_type ?? 'ANY'] ?? ''],
    wanted: (connection) => [isLocal(connection) ? 'same machine' : 'other machine', ''],
    shown: (connection) => (isLocal(connection) ? 'same machine' : 'other machine'),
  },
  addressLevel(
    'source address',
    ({ source_prefix_ranges }) => source_prefix_ranges,
    ({ sourceAddress }) => sourceAddress,
  ),
  {
    name: 'source port',
    keysOf: ({ source_ports }) => orAny(source_ports?.map(String)),
    wanted: ({ sourcePort }) => [String(sourcePort), ''],
    shown: ({ sourcePort }) => String(sourcePort),
  },
];

const sourceTypes: Readonly<Record<string, string>> = {
  SAME_IP_OR_LOOPBACK: 'same machine',
  EXTERNAL: 'other machine',
};

function addressLevel(
  name: string,
  rangesOf: (match: FilterChainMatch) => readonly CidrRange[] | undefined,
  addressOf: (connection: Connection) => string,
): ChainLevel {
  return {
    name,
    keysOf: (match) => orAny(rangesOf(match)?.map(rangeKey)),
    wanted: (connection, { ranges }) => narrowest(addressOf(connection), ranges),
    shown: addressOf,
  };
}

function* narrowest(address: string, ranges: KeyIndex['ranges']): Generator<string> {
  const own = ranges.length === 0 ? undefined : parseCidr(address);
  if (own !== undefined) for (const { key, cidr } of ranges) if (containsCidr(cidr, own)) yield key;
  yield '';
}

/** Two ranges that differ behind their prefixes alone are one. */
function rangeKey({ address_prefix, prefix_len }: CidrRange): string {
  const cidr = parseCidr(`${address_prefix}/${prefix_len?.value ?? 0}`);
  return cidr === undefined ? `${address_prefix}/${prefix_len?.value ?? 0}` : formatCidr(maskCidr(cidr));
}

/** Exact, then what stands behind each dot but one at the very beginning, the longest first. */
function* serverNames(name: string): Generator<string> {
  if (name !== '') yield name;
  for (let dot = name.indexOf('.', 1); dot >= 0 && dot < name.length - 1; dot = name.indexOf('.', dot + 1)) yield name.slice(dot);
  yield '';
}

function isLocal({ address, sourceAddress }: Connection): boolean {
  return sourceAddress === address || sourceAddress.startsWith('127.') || sourceAddress === '::1';
}

function orAny(keys: readonly string[] | undefined): readonly string[] {
  return keys === undefined || keys.length === 0 ? [''] : keys;
}
