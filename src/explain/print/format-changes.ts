import type { ForwardedRequest, HeaderChange, Outcome } from '../../simulate/outcome.ts';
import { isDoubt } from '../../simulate/three-valued.ts';
import { destinationText } from '../destination-text.ts';
import { shorten } from './format-origin.ts';
import { percent } from './percent.ts';
import type { Style } from './style.ts';

/** What the receiver sees otherwise than the client wrote it, and who gets copies. */
export function changeLines(outcome: Outcome, style: Style): readonly string[] {
  const bullet = (text: string) => `${style.caution('·')} ${text}`;
  if (outcome.kind === 'answered') return (outcome.responseHeaderChanges ?? []).map((change) => bullet(changeText('the answer', change)));
  if (outcome.kind !== 'delivered') return [];
  const { request, mirrors } = outcome;
  const copies = mirrors.map(
    ({ cluster, share }) => `${percent(share)} is copied to ${destinationText(cluster)}; answers to the copies are dropped`,
  );
  if (request === undefined) return copies.map(bullet);
  return [style.faint(shorten(factsOf(request))), ...[...changesOf(request), ...copies].map(bullet)];
}

function factsOf({ method, path, host, timeoutMs, retries }: ForwardedRequest): string {
  const facts = [`sent as ${method} ${isDoubt(path) ? 'some path' : path} for ${isDoubt(host) ? 'some host' : host}`];
  if (timeoutMs > 0) facts.push(`timeout ${timeoutMs / 1000} s`);
  if (retries && retries.attempts > 0) facts.push(`${retries.attempts} ${retries.attempts === 1 ? 'retry' : 'retries'}`);
  return facts.join(', ');
}

function changesOf(request: ForwardedRequest): readonly string[] {
  return [
    ...doubts('path', request.path),
    ...doubts('host', request.host),
    ...request.headerChanges.map((change) => changeText('the request', change)),
    ...request.responseHeaderChanges.map((change) => changeText('the answer', change)),
  ];
}

function changeText(whose: string, { action, name, value }: HeaderChange): string {
  switch (action) {
    case 'remove':
      return `${whose} loses ${name}`;
    case 'append':
      return `${whose} gets ${name}: ${value}`;
    case 'overwrite':
      return `${whose} is given ${name}: ${value}`;
    case 'add if absent':
      return `${whose} gets ${name}: ${value} where it has none`;
    case 'overwrite if there':
      return `${whose} is given ${name}: ${value} in place of its own`;
  }
}

function doubts(what: string, value: ForwardedRequest['path']): readonly string[] {
  return isDoubt(value) ? [`which ${what} nobody can say: ${value.doubt}`] : [];
}
