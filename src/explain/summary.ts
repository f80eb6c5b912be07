import type { Explanation } from './explanation.ts';
import { parseClusterName } from './origins/cluster-name.ts';
import { percent } from './print/percent.ts';
import { possibleEnds } from './walk-way.ts';

/** What happens, in one sentence: `goes to subset v2 of reviews.default.svc.cluster.local:9080`. */
export function summaryOf({ hop, name }: Pick<Explanation, 'hop' | 'name'>): string {
  if (name.fails) return `the client does not get an address for ${name.asked}`;
  const ends = possibleEnds(hop.way).map(({ probability, end: { outcome, says, next, guess } }) => {
    const last = next && possibleEnds(next.way).find(({ end }) => end.outcome.kind !== 'delivered');
    const cluster = outcome.kind === 'delivered' ? outcome.cluster : guess;
    const text = cluster === undefined ? says : `goes to ${destination(cluster)}`;
    return { probability, text: last ? `${text}, where ${last.end.says}` : text };
  });
  const joined = Map.groupBy(ends, ({ text }) => text);
  if (joined.size === 1) return ends[0]?.text ?? '';
  return [...joined].map(([text, all]) => `${percent(all.reduce((sum, { probability }) => sum + probability, 0))} ${text}`).join('; ');
}

function destination(cluster: string): string {
  const parsed = parseClusterName(cluster);
  if (parsed === undefined)
    return cluster === 'PassthroughCluster' ? 'the address that the client wanted, past the mesh (PassthroughCluster)' : cluster;
  if (parsed.direction === 'inbound') return `the application, port ${parsed.port}`;
  return `${parsed.subset === '' ? '' : `subset ${parsed.subset} of `}${parsed.hostname}, port ${parsed.port}`;
}
