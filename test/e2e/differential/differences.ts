import type { Answered, Delivered, Outcome } from '../../../src/simulate/outcome.ts';
import type { PossibleOutcome } from '../../../src/simulate/simulation.ts';
import type { RawAnswer } from './raw-client.ts';
import type { RawEcho } from './raw-echo.ts';

/** Why an answer is none of those that were foreseen; undefined: it is one of them. */
export function difference(
  answer: RawAnswer | undefined,
  possible: readonly PossibleOutcome[],
  backends: readonly RawEcho[],
): string | undefined {
  const reasons = possible.filter(({ probability }) => probability > 0).map(({ outcome }) => mismatch(answer, outcome, backends));
  if (reasons.includes(undefined)) return undefined;
  const have =
    answer === undefined
      ? 'no answer'
      : answer.echoed
        ? JSON.stringify(answer.echoed)
        : `${answer.status} ${JSON.stringify([...answer.headers])} ${answer.body}`;
  return `have ${have}\n${reasons.map((reason) => `  foreseen: ${reason}`).join('\n')}`;
}

function mismatch(answer: RawAnswer | undefined, outcome: Outcome, backends: readonly RawEcho[]): string | undefined {
  if (answer === undefined) return outcome.kind === 'closed' ? undefined : outcome.kind;
  switch (outcome.kind) {
    case 'delivered':
      return ofDelivered(answer, outcome, backends);
    case 'answered':
      return ofAnswered(answer, outcome);
    default:
      return `${outcome.kind}: ${outcome.because}`;
  }
}

function ofDelivered({ echoed }: RawAnswer, { endpoints, request, cluster }: Delivered, backends: readonly RawEcho[]): string | undefined {
  const names = endpoints.map(({ address }) => backends.find((backend) => backend.address === address)?.name ?? address);
  const want = `${cluster} at ${names.join(' or ')}: ${JSON.stringify([request?.method, request?.path, request?.host])}`;
  if (echoed === undefined || !names.includes(echoed.backend)) return want;
  const isEqual = echoed.path === request?.path && echoed.host === request.host && echoed.method === request.method;
  return isEqual ? undefined : want;
}

function ofAnswered({ status, headers, body, echoed }: RawAnswer, outcome: Answered): string | undefined {
  const isEqual =
    echoed === undefined &&
    status === outcome.status &&
    headers.get('location') === outcome.location &&
    headers.get('grpc-status') === outcome.grpcStatus?.toString() &&
    (outcome.body === undefined || body === outcome.body || body === '');
  return isEqual
    ? undefined
    : `${outcome.by}: ${outcome.status} ${outcome.location ?? ''} ${outcome.grpcStatus ?? ''} ${outcome.body ?? ''}`;
}
