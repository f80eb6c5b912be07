import type { End, ExplainedStep, Fork, Hop, Receiver, Way } from '../explanation.ts';
import { isForks } from '../walk-way.ts';
import { loserLines } from './format-losers.ts';
import { originLines, shorten, shortPlace } from './format-origin.ts';
import { percent } from './percent.ts';
import type { Style } from './style.ts';
import { drawTree, type TreeNode } from './tree.ts';

export interface WayFormat {
  readonly style: Style;
  /** Every step and every loser. */
  readonly all: boolean;
}

/** Steps that say little to somebody who asks where a request goes; they are told where something came of them. */
const quiet: ReadonlySet<ExplainedStep['stage']> = new Set(['inspectors', 'network filter', 'HTTP connection manager', 'route table']);

const stageWidth = 14;

/** A proxy and what it does, as lines of a tree. */
export function hopLines(hop: Hop, format: WayFormat): readonly string[] {
  return [hopTitle(hop, format.style), ...drawTree(wayNodes(hop.way, format))];
}

function hopTitle({ proxy, arrives }: Hop, style: Style): string {
  const remark = style.faint(`(${proxy.remark})`);
  return `${sides[proxy.side]} ${style.strong(proxy.name)} ${remark}, ${arrives}`;
}

const sides: Readonly<Record<Hop['proxy']['side'], string>> = { client: 'sidecar of', gateway: 'gateway', server: 'sidecar of' };

function wayNodes({ steps, end }: Way, format: WayFormat): readonly TreeNode[] {
  const nodes = steps.filter((step) => format.all || !quiet.has(step.stage) || step.notes.length > 0).map((step) => stepNode(step, format));
  return [...nodes, ...(isForks(end) ? end.map((fork) => forkNode(fork, format)) : endNodes(end, format))];
}

function stepNode(step: ExplainedStep, format: WayFormat): TreeNode {
  const { style, all } = format;
  const { stage, chosen, why, origin, notes } = step;
  return {
    text: `${stage.padEnd(stageWidth)}${chosen === '' ? style.bad('none') : style.strong(chosen)}  ${style.faint(why)}`,
    details: [
      ...(origin ? originLines(origin, style) : []),
      ...notes.map((note) => `${style.caution('·')} ${note}`),
      ...loserLines(step, style, all),
    ],
    children: [],
  };
}

function forkNode({ probability, because, way }: Fork, format: WayFormat): TreeNode {
  const { style } = format;
  return { text: `${style.strong(percent(probability))} ${style.faint(because)}`, details: [], children: wayNodes(way, format) };
}

function endNodes({ outcome, says, receivers, next }: End, format: WayFormat): readonly TreeNode[] {
  const { style, all } = format;
  const isGood = outcome.kind === 'delivered';
  const end: TreeNode = {
    text: `${isGood ? style.good('▶') : style.bad('■')} ${isGood ? says : style.bad(says)}`,
    details: [...receiverLines(receivers, style, all), ...changeLines(outcome, style)],
    children: next ? [{ text: hopTitle(next, style), details: [], children: wayNodes(next.way, format) }] : [],
  };
  return [end];
}

const shownReceivers = 6;

function receiverLines(receivers: readonly Receiver[], style: Style, all: boolean): readonly string[] {
  const rows = (all ? receivers : receivers.slice(0, shownReceivers)).map(
    ({ address, share, priority, locality, tls, workload, origin }) => [
      address,
      percent(share),
      workload ?? '',
      tls,
      [priority > 0 ? `priority ${priority}` : '', locality].filter((text) => text !== '').join(', '),
      origin ? shortPlace(origin) : '',
    ],
  );
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? style.strong(cell.padEnd(widths[0] ?? 0)) : column === 5 ? style.place(cell) : cell.padEnd(widths[column] ?? 0),
      )
      .filter((_, column) => column > 4 || (widths[column] ?? 0) > 0)
      .join('  '),
  );
  const more = receivers.length - rows.length;
  return more > 0 ? [...lines, style.faint(`… and ${more} more (--all)`)] : lines;
}

/** What the receiver sees otherwise than the client wrote it. */
function changeLines(outcome: End['outcome'], style: Style): readonly string[] {
  if (outcome.kind !== 'delivered' || outcome.cluster.startsWith('inbound|')) return [];
  const { request, mirrors } = outcome;
  const lines = mirrors.map(
    ({ cluster, share }) => `${style.caution('·')} ${percent(share)} is copied to ${cluster}; answers to copies are dropped`,
  );
  if (request === undefined) return lines;
  const { headersToAdd, headersToRemove, responseHeadersToAdd, responseHeadersToRemove, timeoutMs, retries } = request;
  const facts = [
    `sent as ${request.method} ${request.path} for ${request.host}`,
    timeoutMs > 0 ? `timeout ${timeoutMs / 1000} s` : '',
    retries && retries.attempts > 0 ? `${retries.attempts} ${retries.attempts === 1 ? 'retry' : 'retries'}` : '',
  ].filter((fact) => fact !== '');
  const sets = (label: string, changes: typeof headersToAdd) =>
    changes.map(({ header: [name, value], action }) => `${label} ${action === 'append' ? 'gets' : 'is set'}: ${name}: ${value}`);
  const drops = (label: string, names: readonly string[]) => names.map((name) => `${label} loses: ${name}`);
  const changes = [
    ...sets('the request', headersToAdd),
    ...drops('the request', headersToRemove),
    ...sets('the answer', responseHeadersToAdd),
    ...drops('the answer', responseHeadersToRemove),
  ];
  return [style.faint(shorten(facts.join(', '))), ...changes.map((change) => `${style.caution('·')} ${change}`), ...lines];
}
