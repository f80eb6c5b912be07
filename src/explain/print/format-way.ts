import type { End, ExplainedStep, Fork, Hop, Origin, Way } from '../explanation.ts';
import { isForks, possibleEnds } from '../walk-way.ts';
import { changeLines } from './format-changes.ts';
import { loserLines } from './format-losers.ts';
import { originLines, shortPlace } from './format-origin.ts';
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
  /** What has been shown on the way to here. */
  readonly shown: readonly Origin[];
}

const stageWidth = 16;

/** A proxy and what it does, as lines of a tree. */
export function hopLines(hop: Hop, format: WayFormat): readonly string[] {
  return [hopTitle(hop, format.style), ...drawTree(wayNodes(hop.way, { ...format, side: hop.proxy.side, shown: [] }))];
}

function hopTitle({ proxy, arrives }: Hop, style: Style): string {
  return `${sides[proxy.side]} ${style.strong(proxy.name)} ${style.faint(`(${proxy.remark})`)}: ${arrives}`;
}

const sides: Readonly<Record<Hop['proxy']['side'], string>> = { client: 'sidecar of', gateway: 'gateway', server: 'sidecar of' };

function wayNodes({ steps, end }: Way, format: HopFormat): readonly TreeNode[] {
  const told = steps.filter((step) => format.all || isTold(step, format.side));
  const origins = told.flatMap(({ origin }) => origin ?? []);
  const nodes = told.map((step) => stepNode(step, { ...format, shown: [...format.shown, ...originsBefore(told, step)] }));
  const below = { ...format, shown: [...format.shown, ...origins] };
  return [...nodes, ...(isForks(end) ? end.map((fork) => forkNode(fork, below)) : [endNode(end, below)])];
}

function originsBefore(steps: readonly ExplainedStep[], step: ExplainedStep): readonly Origin[] {
  return steps.slice(0, steps.indexOf(step)).flatMap(({ origin }) => origin ?? []);
}

function stepNode(step: ExplainedStep, { style, all, shown }: HopFormat): TreeNode {
  const { stage, chosen, why, origin, notes } = step;
  const isNews = origin !== undefined && !shown.some((other) => isSame(origin, other));
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

function forkNode({ probability, because, origin, way }: Fork, format: HopFormat): TreeNode {
  const { style } = format;
  const place = origin ? `  ${style.place(shortPlace(origin))}` : '';
  const reason = because.replace(/^\d+(\.\d+)? ?% /, '');
  return { text: `${style.strong(percent(probability))} ${style.faint(reason)}${place}`, details: [], children: wayNodes(way, format) };
}

function endNode({ outcome, says, receivers, next, guess, isBlocked }: End, format: HopFormat): TreeNode {
  const { style, all, side } = format;
  const isGood = (outcome.kind === 'delivered' || guess !== undefined) && isBlocked !== true;
  return {
    text: isGood ? `${style.good('▶')} ${says}` : outcome.kind === 'unknown' ? style.caution(`? ${says}`) : style.bad(`■ ${says}`),
    details: side === 'server' ? [] : [...receiverLines(receivers, style, all), ...changeLines(outcome, style)],
    children: next ? [nextNode(next, format)] : [],
  };
}

/** A receiver's proxy that simply lets the request in is one line. */
function nextNode(next: Hop, format: HopFormat): TreeNode {
  const { style, all } = format;
  const ends = possibleEnds(next.way);
  const [only] = ends;
  const filters = only?.steps.filter(({ stage }) => stage === 'HTTP filter') ?? [];
  const isPlain = ends.length === 1 && only?.end.outcome.kind === 'delivered' && filters.length === 0;
  if (all || !isPlain) return { text: hopTitle(next, style), details: [], children: wayNodes(next.way, { ...format, side: 'server' }) };
  const { proxy } = next;
  const tls = only.steps.find(({ stage }) => stage === 'TLS');
  const policy = only.steps.find(({ stage, origin }) => stage === 'filter chain' && origin?.object.kind === 'PeerAuthentication')?.origin;
  const takes =
    tls === undefined
      ? 'takes plain text'
      : `takes mutual TLS${tls.why.startsWith('the client is') ? ` of ${tls.why.slice('the client is '.length)}` : ''}`;
  return {
    text: `sidecar of ${style.strong(proxy.name)} ${style.faint(`(${proxy.remark})`)} ${takes}`,
    details: [...(policy ? originLines(policy, style) : []), `${style.good('▶')} ${only.end.says}`],
    children: [],
  };
}
