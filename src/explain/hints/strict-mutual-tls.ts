import type { Hint, Way } from '../explanation.ts';
import { possibleEnds } from '../walk-way.ts';
import type { FindHints } from './hint-context.ts';

/** The receiver takes mutual TLS alone, and the client sends something else. */
export const strictMutualTls: FindHints = ({ way }) => {
  const hints = possibleEnds(way).flatMap(({ steps, end }): readonly Hint[] => {
    if (end.next === undefined || !isRefused(end.next.way)) return [];
    const { tls } = end.receivers[0] ?? {};
    const policy = possibleEnds(end.next.way)
      .flatMap((one) => one.steps)
      .find(({ origin }) => origin?.object.kind === 'PeerAuthentication')?.origin;
    const rule = steps.find(({ origin }) => origin?.object.kind === 'DestinationRule')?.origin;
    const origin = policy ?? rule;
    return [
      {
        message: `${end.next.proxy.name} does not take ${tls ?? 'what is sent'}: STRICT asks for mutual TLS`,
        advice: rule
          ? `see tls in the trafficPolicy of DestinationRule ${rule.object.namespace}/${rule.object.name}`
          : 'the client needs a sidecar, or the port a PERMISSIVE mode',
        ...(origin && { origin }),
      },
    ];
  });
  return hints.slice(0, 1);
};

function isRefused(way: Way): boolean {
  return possibleEnds(way).some(
    ({ end: { outcome } }) =>
      outcome.kind === 'closed' &&
      (outcome.because === 'no filter chain' || outcome.because === 'TLS expected' || outcome.because === 'no client certificate'),
  );
}
