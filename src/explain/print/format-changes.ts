import type { ForwardedRequest, HeaderChange, Outcome } from '../../simulate/outcome.ts';
import { isDoubt } from '../../simulate/three-valued.ts';
import { shorten } from './format-origin.ts';
import { percent } from './percent.ts';
import type { Style } from './style.ts';

/** What the receiver sees otherwise than the client wrote it, and who gets copies. */
export function changeLines(outcome: Outcome, style: Style): readonly string[] {
  if (outcome.kind !== 'delivered') return [];
  const { request, mirrors } = outcome;
  const bullet = (text: string) => `${style.caution('·')} ${text}`;
  const copies = mirrors.map(({ cluster, share }) => `${percent(share)} is copied to ${cluster}; answers to the copies are dropped`);
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
    ...sets('the request', request.headersToAdd),
    ...drops('the request', request.headersToRemove),
    ...sets('the answer', request.responseHeadersToAdd),
    ...drops('the answer', request.responseHeadersToRemove),
  ];
}

function sets(whose: string, changes: readonly HeaderChange[]): readonly string[] {
  return changes.map(({ header: [name, value], action }) => `${whose} ${action === 'append' ? 'gets' : 'is given'} ${name}: ${value}`);
}

function doubts(what: string, value: ForwardedRequest['path']): readonly string[] {
  return isDoubt(value) ? [`which ${what} nobody can say: ${value.doubt}`] : [];
}

function drops(whose: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${whose} loses ${name}`);
}
