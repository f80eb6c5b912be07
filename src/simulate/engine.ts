import type { Listener } from '../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { RouteConfiguration } from '../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import { type ChainTree, chainTree } from './listeners/chain-tree.ts';
import { type ListenerIndex, listenerIndex } from './listeners/listener-index.ts';
import { memo } from './memo.ts';
import type { ServedResources } from './resources.ts';
import { type CompiledTable, compileTable } from './routes/compile-table.ts';

/** The resources of one proxy with what was made of them to find things quickly. */
export interface Engine {
  readonly resources: ServedResources;
  readonly listeners: ListenerIndex;
  chainsOf(listener: Listener): ChainTree;
  tableOf(table: RouteConfiguration): CompiledTable;
}

/** What the stages of one request are handed. */
export interface Context extends Engine {
  readonly wantsLosers: boolean;
}

export function createEngine(resources: ServedResources): Engine {
  return {
    resources,
    listeners: listenerIndex(resources.listeners.values()),
    chainsOf: memo((listener: Listener) => chainTree(listener.filter_chains ?? [])),
    tableOf: memo(compileTable),
  };
}
