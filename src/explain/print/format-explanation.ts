import { formatIssue } from '../../model/issue.ts';
import type { Explanation, Hint, NameAnswer, Verdict } from '../explanation.ts';
import { originText } from './format-origin.ts';
import { hopLines, type WayFormat } from './format-way.ts';
import type { Style } from './style.ts';

/** An explanation for people. */
export function formatExplanation(explanation: Explanation, format: WayFormat): string {
  const { style } = format;
  const { request, verdict, summary, name, hop, hints, issues } = explanation;
  const sections = [
    [
      style.strong(request),
      `${symbolOf(verdict, style)} ${verdict === 'unknown' ? '' : `${verdict}: `}${summary}`,
      ...decisionLines(explanation, style),
    ],
    [...nameLines(name, style), ...hopLines(hop, format)],
    hints.flatMap((hint) => hintLines(hint, style)),
    issues.length === 0
      ? []
      : ['Issues of the configuration on this way:', ...issues.map((issue) => `  ${style.caution(formatIssue(issue))}`)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function symbolOf(verdict: Verdict, style: Style): string {
  switch (verdict) {
    case 'delivered':
      return style.good('✔');
    case 'delivered in part':
      return style.caution('◐');
    case 'answered by the mesh':
      return style.caution('↩');
    case 'not delivered':
      return style.bad('✘');
    case 'unknown':
      return style.caution('?');
  }
}

function decisionLines({ decidedBy, verdict }: Explanation, style: Style): readonly string[] {
  if (decidedBy === undefined) return [];
  const { position, excerpt } = decidedBy;
  const width = String((position?.line ?? 0) + excerpt.length).length;
  const lines = excerpt.map((line, index) => `    ${style.faint(`${String((position?.line ?? 0) + index).padStart(width)} │`)} ${line}`);
  return [`  ${verdict === 'unknown' ? 'it depends on' : 'decided by'} ${originText(decidedBy, style)}`, ...lines];
}

function nameLines({ asked, address, because, fails, isMadeUp, origin }: NameAnswer, style: Style): readonly string[] {
  if (address === '') return [];
  const place = origin?.position ? `  ${style.place(`${origin.position.file}:${origin.position.line}`)}` : '';
  if (fails) return [`${style.bad(asked)} has no address: ${because}${place}`, 'What the proxy would do all the same:', ''];
  if (isMadeUp) return [`${style.strong(asked)} is ${because} (${address} stands for it)${place}`, ''];
  return [`${style.strong(asked)} is ${asked === address ? '' : `${address}, `}${because}${place}`, ''];
}

function hintLines({ message, advice, origin }: Hint, style: Style): readonly string[] {
  return [
    `${style.caution('hint:')} ${message}`,
    ...(advice === undefined ? [] : [`      ${advice}`]),
    ...(origin ? [`      ${originText(origin, style)}`] : []),
  ];
}
