import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import type { Exchange } from '../http/exchange.ts';
import { partOf } from '../places.ts';
import type { Loser, Place, Step } from '../step.ts';
import { stepOf } from '../steps.ts';
import type { FoundHost } from './virtual-host-index.ts';

export interface PickedHost {
  readonly host: VirtualHost | undefined;
  readonly at: Place;
  readonly step: Step;
}

/** The virtual host of a request; only those whose domains cover its host count as losers. */
export function pickVirtualHost({ context, http }: Exchange, table: RouteConfiguration, tableAt: Place): PickedHost {
  const { hosts } = context.tableOf(table);
  const found = hosts.find(http.host);
  const all = table.virtual_hosts ?? [];
  if (found === undefined) {
    const why = `none of ${all.length} has a domain for ${JSON.stringify(http.host)}`;
    return { host: undefined, at: tableAt, step: stepOf({ stage: 'virtual host', chosen: '', why }) };
  }
  const hostAt = (index: number) => partOf(tableAt, ['virtual_hosts', index], all[index]?.metadata);
  const others = context.wantsLosers ? distinct(hosts.all(http.host), found.index) : [];
  const losers = others.map(
    ({ index, domain }): Loser => ({
      name: all[index]?.name ?? '',
      reason: `${found.domain} goes before ${domain}`,
      at: hostAt(index),
    }),
  );
  const at = hostAt(found.index);
  const host = all[found.index];
  const step = stepOf({
    stage: 'virtual host',
    chosen: host?.name ?? '',
    why: `its domain ${found.domain} ${found.domain === '*' ? 'takes every host' : `is for ${JSON.stringify(http.host)}`}`,
    at,
    losers,
  });
  return { host, at, step };
}

/** One for each virtual host but the one that was taken. */
function distinct(found: readonly FoundHost[], taken: number): readonly FoundHost[] {
  const seen = new Set([taken]);
  return found.filter(({ index }) => !seen.has(index) && seen.add(index));
}
