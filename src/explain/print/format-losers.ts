import { formatPath } from '../../model/issue.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { ExplainedLoser, ExplainedStep, Origin } from '../explanation.ts';
import { shortPlace } from './format-origin.ts';
import type { Style } from './style.ts';

const shown = 4;

/** Who else might have been taken, and why not: aligned, the first few. */
export function loserLines({ losers, furtherLosers = 0, origin }: ExplainedStep, style: Style, all: boolean): readonly string[] {
  const rows = (all ? losers : losers.slice(0, shown)).map((loser) => ({
    name: nameOf(loser, origin),
    reason: loser.reason,
    at: loser.origin ? shortPlace(loser.origin) : '',
  }));
  const width = Math.min(44, Math.max(0, ...rows.map(({ name }) => name.length)));
  const lines = rows.map(
    ({ name, reason, at }) =>
      `${style.bad('✗')} ${style.faint(name.padEnd(width))}  ${style.faint(reason)}${at === '' ? '' : `  ${style.faint(`(${at})`)}`}`,
  );
  const more = losers.length - rows.length + furtherLosers;
  return more > 0 ? [...lines, style.faint(`… and ${more} more${all ? '' : ' (--all)'}`)] : lines;
}

/** Fields that list rules: of a VirtualService, and of an Ingress. */
const ruleLists = new Set(['http', 'tls', 'tcp', 'rules']);

/** A rule of the deciding object by its place in it, anything else by its own name. */
function nameOf({ name, origin }: ExplainedLoser, winner: Origin | undefined): string {
  if (origin === undefined) return name;
  const [, ...path] = origin.path;
  const isRule = ruleLists.has(String(path[0]));
  if (!isRule) return name;
  const isSame = winner !== undefined && formatRef((winner.via ?? winner).object) === formatRef(origin.object);
  return isSame ? formatPath(path) : `${origin.object.namespace}/${origin.object.name} ${formatPath(path)}`;
}
