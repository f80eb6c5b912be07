import { formatPath } from '../../model/issue.ts';
import type { Origin } from '../explanation.ts';
import type { Style } from './style.ts';

/** `bookinfo.yaml:14:7  VirtualService default/reviews  spec.http[0].match[0]`, and the line itself. */
export function originLines(origin: Origin, style: Style): readonly string[] {
  const { line, position, via } = origin;
  const shown = line === undefined || line.trim() === '' ? [] : [`${style.faint(`${position?.line ?? ''} │`)} ${shorten(line.trim())}`];
  const from = via === undefined ? [] : [`${style.faint('delegated by')} ${originText(via, style)}`];
  return [originText(origin, style), ...shown, ...from];
}

export function originText({ object, path, position }: Origin, style: Style): string {
  const place = position === undefined ? '' : `${style.place(`${position.file}:${position.line}:${position.column}`)}  `;
  const name = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
  return `${place}${object.kind} ${name}${path.length > 0 ? `  ${formatPath(path)}` : ''}`;
}

/** `bookinfo.yaml:14`. */
export function shortPlace({ position }: Origin): string {
  return position === undefined ? '' : `${position.file}:${position.line}`;
}

const longest = 100;

export function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
