import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { Context } from '../engine.ts';
import { partOf, placeOf } from '../places.ts';
import type { Loser, Place, Step } from '../step.ts';
import { stepOf } from '../steps.ts';
import { chainLevels } from './chain-levels.ts';
import { type ChainPick, pickChain } from './chain-tree.ts';
import type { Connection } from './connection.ts';

export interface PickedChain {
  readonly chain: FilterChain | undefined;
  /** Of what Envoy would refuse: more than one chain with the same match. */
  readonly isAmbiguous: boolean;
  readonly at: Place;
  readonly step: Step;
}

/** The filter chain of a connection; the default one where none fits. */
export function pickFilterChain(context: Context, listener: Listener, connection: Connection): PickedChain {
  const here = placeOf('listener', listener.name ?? '', [], listener.metadata);
  const pick = pickChain(context.chainsOf(listener), connection);
  const chains = listener.filter_chains ?? [];
  const [index, second] = pick.chains;
  const isAmbiguous = second !== undefined;
  const losers = context.wantsLosers ? losingChains(chains, pick, connection, here) : [];
  if (index !== undefined) {
    const chain = chains[index];
    const at = partOf(here, ['filter_chains', index], chain?.metadata);
    const why = isAmbiguous ? `${pick.chains.length} chains match the same` : whyChosen(pick, chains.length);
    return { chain, isAmbiguous, at, step: stepOf({ stage: 'filter chain', chosen: nameOf(chain, index), why, at, losers }) };
  }
  const fallback = listener.default_filter_chain ?? undefined;
  const at = partOf(here, ['default_filter_chain'], fallback?.metadata);
  const chosen = fallback ? fallback.name || 'the default chain' : '';
  const why = `${failure(pick, connection)}${fallback ? ', so the default chain is taken' : ', and there is no default chain'}`;
  return { chain: fallback, isAmbiguous: false, at, step: stepOf({ stage: 'filter chain', chosen, why, losers, ...(fallback && { at }) }) };
}

function whyChosen({ keys }: ChainPick, count: number): string {
  const asked = keys.flatMap((key, level) => (key === '' ? [] : [`${chainLevels[level]?.name} ${key}`]));
  if (asked.length > 0) return `matches ${asked.join(', ')}`;
  return count === 1 ? 'the only chain, and it takes everything' : 'takes what no other chain asks for';
}

function failure({ keys }: ChainPick, connection: Connection): string {
  const level = chainLevels[keys.length];
  return level === undefined ? 'there are no chains' : noChainFor(level.name, level.shown(connection));
}

function losingChains(chains: readonly FilterChain[], pick: ChainPick, connection: Connection, here: Place): readonly Loser[] {
  return chains.flatMap((chain, index) =>
    pick.chains.includes(index)
      ? []
      : [
          {
            name: nameOf(chain, index),
            reason: whyLost(chain, pick, connection),
            at: partOf(here, ['filter_chains', index], chain.metadata),
          },
        ],
  );
}

/** The first criterion at which a chain was left behind. */
function whyLost({ filter_chain_match: match }: FilterChain, { keys }: ChainPick, connection: Connection): string {
  for (const [at, level] of chainLevels.entries()) {
    const own = level.keysOf(match ?? {});
    const taken = keys[at];
    if (taken !== undefined && own.includes(taken)) continue;
    const shown = level.shown(connection);
    if (own.includes('')) return `asks for no ${level.name}; a chain that asks for ${taken} goes before`;
    const holds =
      taken !== undefined &&
      [...level.wanted(connection, { has: (key) => own.includes(key), ranges: [] })].some((key) => key !== '' && own.includes(key));
    return holds
      ? `${level.name} ${taken} is narrower than ${own.join(', ')}`
      : `${level.name}: wants ${own.join(' or ')}, the connection has ${shown}`;
  }
  return 'another chain with the same match';
}

function nameOf(chain: FilterChain | undefined, index: number): string {
  return chain?.name || `filter chain ${index}`;
}

function noChainFor(level: string, shown: string): string {
  return shown === 'none' ? `no chain is for connections without ${level}` : `no chain is for ${level} ${shown}`;
}
