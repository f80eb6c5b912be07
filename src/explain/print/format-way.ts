import type { End, ExplainedStep, Fork, Hop, Origin, Way } from '../explanation.ts';
import { isForks } from '../walk-way.ts';
import { changeLines } from './format-changes.ts';
import { loserLines } from './format-losers.ts';
import { originLines } from './format-origin.ts';
import { receiverLines } from './format-receivers.ts';
import { percent } from './percent.ts';
import type { Style } from './style.ts';
import { areLosersTold, isTold } from './told-steps.ts';
import { drawTree, type TreeNode } from './tree.ts';

export interface WayFormat {
  readonly style: Style;
  /** Every step and every loser. */
  readonly all: boolean;
}

/** How one proxy is told. */
interface HopFormat extends WayFormat {
  readonly side: Hop['proxy']['side'];
}

const stageWidth = 16;

/** A proxy and what it does, as lines of a tree. */
export function hopLines(hop: Hop, format: WayFormat): readonly string[] {
  return [hopTitle(hop, format.style), ...drawTree(wayNodes(hop.way, { ...format, side: hop.proxy.side }))];
}

function hopTitle({ proxy, arrives }: Hop, style: Style): string {
  return `${sides[proxy.side]} ${style.strong(proxy.name)} ${style.faint(`(${proxy.remark})`)}: ${arrives}`;
}

const sides: Readonly<Record<Hop['proxy']['side'], string>> = { client: 'sidecar of', gateway: 'gateway', server: 'sidecar of' };

function wayNodes({ steps, end }: Way, format: HopFormat, before?: Origin): readonly TreeNode[] {
  const told = steps.filter((step) => format.all || isTold(step, format.side));
  const nodes = told.map((step, index) => stepNode(step, format, index === 0 ? before : told[index - 1]?.origin));
  const last = told.at(-1)?.origin ?? before;
  return [...nodes, ...(isForks(end) ? end.map((fork) => forkNode(fork, format, last)) : [endNode(end, format)])];
}

function stepNode(step: ExplainedStep, format: HopFormat, before: Origin | undefined): TreeNode {
  const { style, all } = format;
  const { stage, chosen, why, origin, notes } = step;
  const isNews = origin !== undefined && !(before && isSame(origin, before));
  return {
    text: `${stage.padEnd(stageWidth)}${chosen === '' ? style.bad('none') : style.strong(chosen)}  ${style.faint(why)}`,
    details: [
      ...(isNews ? originLines(origin, style) : []),
      ...notes.map((note) => `${style.caution('·')} ${note}`),
      ...(all || areLosersTold(step) ? loserLines(step, style, all) : []),
    ],
    children: [],
  };
}

function isSame(a: Origin, b: Origin): boolean {
  return JSON.stringify([a.object, a.path]) === JSON.stringify([b.object, b.path]);
}

function forkNode({ probability, because, way }: Fork, format: HopFormat, before: Origin | undefined): TreeNode {
  const { style } = format;
  return { text: `${style.strong(percent(probability))} ${style.faint(because)}`, details: [], children: wayNodes(way, format, before) };
}

function endNode({ outcome, says, receivers, next, guess }: End, format: HopFormat): TreeNode {
  const { style, all, side } = format;
  const isGood = outcome.kind === 'delivered' || guess !== undefined;
  return {
    text: isGood ? `${style.good('▶')} ${says}` : style.bad(`■ ${says}`),
    details: side === 'server' ? [] : [...receiverLines(receivers, style, all), ...changeLines(outcome, style)],
    children: next ? [{ text: hopTitle(next, style), details: [], children: wayNodes(next.way, { ...format, side: 'server' }) }] : [],
  };
}
