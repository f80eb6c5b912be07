import { destinationText, hostText } from './destination-text.ts';
import type { Explanation } from './explanation.ts';
import { parseClusterName } from './origins/cluster-name.ts';
import { percent } from './print/percent.ts';
import { possibleEnds } from './walk-way.ts';

interface Part {
  readonly probability: number;
  /** Where it goes without saying which part of it, where that is somewhere. */
  readonly host?: string;
  readonly subset?: string;
  readonly text: string;
}

/** What happens, in one sentence: `goes to subset v2 of reviews.default.svc.cluster.local:9080`. */
export function summaryOf({ hop, name }: Pick<Explanation, 'hop' | 'name'>): string {
  if (name.fails) return `the client does not get an address for ${name.asked}`;
  if (name.lacksPort) return `${name.asked} has no such port`;
  const parts = possibleEnds(hop.way).map(({ probability, end: { outcome, says, next, guess, isBlocked } }): Part => {
    const last = next && possibleEnds(next.way).find(({ end }) => end.outcome.kind !== 'delivered');
    const cluster = outcome.kind === 'delivered' && !isBlocked ? outcome.cluster : guess;
    if (cluster === undefined) return { probability, text: says };
    const parsed = last ? undefined : parseClusterName(cluster);
    const text = `goes to ${destinationText(cluster)}${last ? `, where ${last.end.says}` : ''}`;
    return { probability, text, ...(parsed && { host: hostText(parsed), subset: parsed.subset }) };
  });
  return joined(parts);
}

function joined(parts: readonly Part[]): string {
  const byText = Map.groupBy(parts, ({ text }) => text);
  const [first] = parts;
  if (byText.size === 1) return first?.text ?? '';
  const share = (all: readonly Part[]) => percent(all.reduce((sum, { probability }) => sum + probability, 0));
  if (first?.host !== undefined && parts.every(({ host, subset }) => host === first.host && subset !== '')) {
    return `goes to ${first.host}: ${[...byText.values()].map((all) => `${share(all)} to subset ${all[0]?.subset}`).join(', ')}`;
  }
  return [...byText].map(([text, all]) => `${share(all)} ${text}`).join('; ');
}
