import type { ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import { httpMatchApplies, type RuleClient } from '../../mesh/routing/source-match.ts';
import { selects } from '../../model/labels.ts';
import type { HttpMatch } from '../../schema/virtual-service/http-match.ts';
import type { Step } from '../../simulate/step.ts';
import { objectOfConfigPath } from '../../xds/config-metadata.ts';
import { formatRulePlace, httpRulePlace } from '../../xds/rule-place.ts';
import { ask } from '../ask.ts';
import type { ExplainedLoser } from '../explanation.ts';
import { metadataAt } from '../origins/metadata-at.ts';
import { httpRuleOrigin } from '../origins/virtual-service-origin.ts';
import type { ServedProxy } from '../served-proxy.ts';
import { ruleClient } from './rule-client.ts';
import { virtualHostAt } from './virtual-host-at.ts';

/** Rules of the deciding VirtualService that were not made into routes for this proxy: they are for others, or nothing gets to them. */
export function skippedRules(proxy: ServedProxy, { at }: Step): readonly ExplainedLoser[] {
  const virtualHost = virtualHostAt(proxy.resources, at);
  const source = at && objectOfConfigPath(metadataAt(proxy.resources, at).config ?? '');
  if (at === undefined || virtualHost === undefined || source?.kind !== 'VirtualService') return [];
  const { mesh } = proxy.world;
  const merged = ask(mesh.engine, (read) => read(mesh.virtualServices.merged.at(`${source.namespace}/${source.name}`)));
  if (merged === undefined) return [];
  const made = (virtualHost.routes ?? []).map((_, index) =>
    metadataAt(proxy.resources, { ...at, path: [...at.path.slice(0, 2), 'routes', index] }),
  );
  const taken = new Set(made.flatMap(({ rule }) => (rule === undefined ? [] : [rule])));
  const client = ruleClient(proxy, at.name);
  return placesOf(merged.virtualService).flatMap(({ place, match }): readonly ExplainedLoser[] => {
    if (taken.has(place)) return [];
    const reason = (match && whyNotFor(match, client)) ?? 'nothing gets here: a rule before it takes every request';
    return [{ name: place, reason, origin: httpRuleOrigin(proxy.world, source, place) }];
  });
}

function placesOf({ http }: ResolvedVirtualService): readonly { readonly place: string; readonly match?: HttpMatch }[] {
  return http.flatMap((rule) => {
    const matches = rule.match ?? [];
    if (matches.length === 0) return [{ place: formatRulePlace(httpRulePlace(rule.origin, undefined)) }];
    return matches.map((match, index) => ({ place: formatRulePlace(httpRulePlace(rule.origin, index)), match }));
  });
}

/** Undefined where the match is for this proxy. */
function whyNotFor(match: HttpMatch, client: RuleClient): string | undefined {
  if (httpMatchApplies(match, client)) return undefined;
  const { port = 0, gateways = [], sourceLabels = {}, sourceNamespace = '' } = match;
  if (port !== 0 && port !== client.port) return `it is for port ${port}, this is port ${client.port}`;
  if (gateways.length > 0) return `it is for gateways ${gateways.join(', ')}, this is ${[...client.gateways].join(', ')}`;
  if (!selects(sourceLabels, client.labels))
    return `it is for clients with labels ${pairs(sourceLabels)}, this one has ${pairs(pick(client.labels, sourceLabels)) || 'none of them'}`;
  return `it is for clients of namespace ${sourceNamespace}, this one is of ${client.namespace}`;
}

function pick(labels: RuleClient['labels'], wanted: object): RuleClient['labels'] {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => key in wanted));
}

function pairs(labels: RuleClient['labels']): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
