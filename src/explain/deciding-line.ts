import type { ExplainWorld } from './explain-world.ts';
import type { ExplainedStep, Explanation, Origin, Way } from './explanation.ts';

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

/** The field that decided about all that follows, with the lines that it consists of. */
export function decidingLine(world: ExplainWorld, { steps }: Way): Explanation['decidedBy'] {
  for (const stage of decisive) {
    const origin = steps.findLast((step) => step.stage === stage)?.origin;
    if (origin !== undefined) return { ...origin, excerpt: excerptOf(world, origin) };
  }
  return undefined;
}

/** The line, and those below it that are indented more. */
function excerptOf(world: ExplainWorld, { position, line }: Origin): readonly string[] {
  if (position === undefined || line === undefined) return [];
  const lines = [line];
  for (let next = position.line + 1; lines.length < longest; next++) {
    const text = world.lineAt({ ...position, line: next });
    if (text === undefined || text.trim() === '' || indentOf(text) < position.column - 1) break;
    if (indentOf(text) === position.column - 1 && !isItem(line, position.column)) break;
    if (isItemLine(text, position.column)) break;
    lines.push(text);
  }
  const indent = Math.min(...lines.map(indentOf));
  return lines.map((text) => text.slice(indent));
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** The place is what follows a `-`, so what stands below it belongs to the same item. */
function isItem(line: string, column: number): boolean {
  return line.slice(0, column - 1).trim() === '-';
}

function isItemLine(text: string, column: number): boolean {
  return indentOf(text) < column - 1;
}
