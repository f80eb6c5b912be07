import { changedHeaders } from '../../../src/simulate/http/changed-headers.ts';
import type { Answered, Delivered, HeaderChange, Outcome } from '../../../src/simulate/outcome.ts';
import type { Header, SimulatedRequest } from '../../../src/simulate/request.ts';
import type { PossibleOutcome } from '../../../src/simulate/simulation.ts';
import { backendHeaders, changedNames } from './header-rules.ts';
import { joinedHeaders, type RawAnswer } from './raw-answer.ts';
import type { RawEcho } from './raw-echo.ts';

/** What was asked, and who may have answered. */
export interface Exchange {
  readonly request: SimulatedRequest;
  readonly backends: readonly RawEcho[];
}

/** Why an answer is none of those that were foreseen; undefined: it is one of them. */
export function difference(answer: RawAnswer | undefined, possible: readonly PossibleOutcome[], exchange: Exchange): string | undefined {
  const reasons = possible.filter(({ probability }) => probability > 0).map(({ outcome }) => mismatch(answer, outcome, exchange));
  if (reasons.includes(undefined)) return undefined;
  const have =
    answer === undefined
      ? 'no answer'
      : `${answer.status} ${JSON.stringify([...answer.headers])} ${answer.body} ${JSON.stringify(answer.echoed)}`;
  return `have ${have}\n${reasons.map((reason) => `  foreseen: ${reason}`).join('\n')}`;
}

function mismatch(answer: RawAnswer | undefined, outcome: Outcome, exchange: Exchange): string | undefined {
  if (answer === undefined) return outcome.kind === 'closed' ? undefined : outcome.kind;
  switch (outcome.kind) {
    case 'delivered':
      return ofDelivered(answer, outcome, exchange);
    case 'answered':
      return ofAnswered(answer, outcome);
    default:
      return `${outcome.kind}: ${outcome.because}`;
  }
}

function ofDelivered(
  { echoed, headers }: RawAnswer,
  { endpoints, request, cluster }: Delivered,
  { request: sent, backends }: Exchange,
): string | undefined {
  const names = endpoints.map(({ address }) => backends.find((backend) => backend.address === address)?.name ?? address);
  const want = `${cluster} at ${names.join(' or ')}: ${JSON.stringify([request?.method, request?.path, request?.host])}`;
  if (echoed === undefined || !names.includes(echoed.backend) || request === undefined) return want;
  if (echoed.path !== request.path || echoed.host !== request.host || echoed.method !== request.method) return want;
  return (
    headerMismatch('request', joinedHeaders(echoed.headers), sent.headers ?? [], request.headerChanges) ??
    headerMismatch('response', headers, backendHeaders, request.responseHeaderChanges)
  );
}

function ofAnswered({ status, headers, body, echoed }: RawAnswer, outcome: Answered): string | undefined {
  const isEqual =
    echoed === undefined &&
    status === outcome.status &&
    headers.get('location') === outcome.location &&
    headers.get('grpc-status') === outcome.grpcStatus?.toString() &&
    (outcome.body === undefined || body === outcome.body || body === '');
  const changes = outcome.responseHeaderChanges;
  return isEqual
    ? changes && headerMismatch('response', headers, [], changes)
    : `${outcome.by}: ${outcome.status} ${outcome.location ?? ''} ${outcome.grpcStatus ?? ''} ${outcome.body ?? ''}`;
}

/** Of the headers that rules may change, the first that is not as it was foreseen. */
function headerMismatch(
  of: 'request' | 'response',
  found: ReadonlyMap<string, string>,
  before: readonly Header[],
  changes: readonly HeaderChange[],
): string | undefined {
  const foreseen = changedHeaders(before, changes);
  for (const name of changedNames[of]) {
    const [have, want] = [found.get(name), foreseen.get(name)?.join(',')];
    if (have !== want) return `${of} header ${name}: ${JSON.stringify(want)}, not ${JSON.stringify(have)}; by ${JSON.stringify(changes)}`;
  }
  return undefined;
}
