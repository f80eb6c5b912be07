import type { ExplainWorld } from './explain-world.ts';
import type { ExplainedStep, Explanation, Origin, Way } from './explanation.ts';
import { possibleEnds } from './walk-way.ts';

/** Which of several fields decided: the rule, else what chose the rules. */
const decisive: readonly ExplainedStep['stage'][] = [
  'HTTP filter',
  'route',
  'filter chain',
  'virtual host',
  'subset',
  'listener',
  'cluster',
];

const longest = 5;

/** The field that decided about all that follows, with the lines that it consists of; of what is refused by the receiver, the one there. */
export function decidingLine(world: ExplainWorld, way: Way): Explanation['decidedBy'] {
  const refused = possibleEnds(way).find(
    ({ end }) => end.next !== undefined && possibleEnds(end.next.way).some((one) => one.end.outcome.kind !== 'delivered'),
  );
  const origin = (refused?.end.next && decisiveOrigin(refused.end.next.way)) ?? decisiveOrigin(way);
  return origin && { ...origin, excerpt: excerptOf(world, origin) };
}

function decisiveOrigin({ steps }: Way): Origin | undefined {
  for (const stage of decisive) {
    const origin = steps.findLast((step) => step.stage === stage)?.origin;
    if (origin !== undefined) return origin;
  }
  return undefined;
}

/** The line, and those below it that belong to it: of an item of a list its other fields, of a field what is indented more. */
function excerptOf(world: ExplainWorld, { position, line, path }: Origin): readonly string[] {
  if (position === undefined || line === undefined) return [];
  const start = position.column - 1;
  const isItem = typeof path.at(-1) === 'number';
  const lines = [line];
  for (let next = position.line + 1; lines.length < longest; next++) {
    const text = world.lineAt({ ...position, line: next });
    if (text === undefined || text.trim() === '' || indentOf(text) < (isItem ? start : start + 1)) break;
    lines.push(text);
  }
  const indent = Math.min(...lines.map(indentOf));
  return lines.map((text) => text.slice(indent));
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
