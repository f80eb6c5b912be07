import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import { parseCidr } from '../../lib/cidr.ts';
import { chainLevels, type KeyIndex } from './chain-levels.ts';
import type { Connection } from './connection.ts';

/** Filter chains by what they ask for, one level for each criterion, as Envoy keeps them. */
export interface ChainTree extends KeyIndex {
  readonly children: ReadonlyMap<string, ChainTree>;
  /** At the last level: positions of the chains. Envoy refuses listeners in which there are several. */
  readonly chains: readonly number[];
}

interface GrowingTree {
  readonly children: Map<string, GrowingTree>;
  readonly chains: number[];
}

export function chainTree(chains: readonly FilterChain[]): ChainTree {
  const root: GrowingTree = { children: new Map(), chains: [] };
  for (const [index, { filter_chain_match: match }] of chains.entries()) {
    let nodes = [root];
    for (const level of chainLevels) {
      const keys = [...new Set(level.keysOf(match ?? {}))];
      nodes = nodes.flatMap((node) => keys.map((key) => childOf(node, key)));
    }
    for (const node of nodes) node.chains.push(index);
  }
  return settle(root);
}

/** The key that was taken at each level, as far as one fitted. */
export interface ChainPick {
  readonly keys: readonly string[];
  readonly chains: readonly number[];
}

export function pickChain(tree: ChainTree, connection: Connection): ChainPick {
  const keys: string[] = [];
  let node = tree;
  for (const level of chainLevels) {
    const key = firstIn(node, level.wanted(connection, node));
    const next = key === undefined ? undefined : node.children.get(key);
    if (key === undefined || next === undefined) return { keys, chains: [] };
    keys.push(key);
    node = next;
  }
  return { keys, chains: node.chains };
}

function firstIn(node: ChainTree, wanted: Iterable<string>): string | undefined {
  for (const key of wanted) if (node.children.has(key)) return key;
  return undefined;
}

function childOf(node: GrowingTree, key: string): GrowingTree {
  const found = node.children.get(key);
  if (found !== undefined) return found;
  const child: GrowingTree = { children: new Map(), chains: [] };
  node.children.set(key, child);
  return child;
}

function settle({ children, chains }: GrowingTree): ChainTree {
  const settled = new Map([...children].map(([key, child]) => [key, settle(child)] as const));
  const ranges = [...children.keys()]
    .flatMap((key) => {
      const cidr = key.includes('/') ? parseCidr(key) : undefined;
      return cidr === undefined ? [] : [{ key, cidr }];
    })
    .sort((a, b) => b.cidr.prefixLength - a.cidr.prefixLength);
  return { children: settled, chains, ranges, has: (key) => settled.has(key) };
}
