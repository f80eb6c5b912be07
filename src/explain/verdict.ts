import type { End, NameAnswer, Verdict, Way } from './explanation.ts';
import { possibleEnds } from './walk-way.ts';

type EndVerdict = Exclude<Verdict, 'delivered in part'>;

/** What the ways come to together. */
export function verdictOf(way: Way, name: NameAnswer): Verdict {
  if (name.fails || name.lacksPort) return 'not delivered';
  const verdicts = new Set(possibleEnds(way).map(({ end }) => endVerdict(end)));
  const [first] = verdicts;
  if (first !== undefined && verdicts.size === 1) return first;
  return verdicts.has('delivered') ? 'delivered in part' : verdicts.has('unknown') ? 'unknown' : 'not delivered';
}

/** Of one end, at the receiver's proxy too. */
function endVerdict({ outcome, next, guess, isBlocked }: End): EndVerdict {
  if (guess !== undefined) return 'delivered';
  if (isBlocked) return 'not delivered';
  switch (outcome.kind) {
    case 'delivered': {
      const behind = next && possibleEnds(next.way).map(({ end }) => endVerdict(end));
      return behind?.find((verdict) => verdict !== 'delivered') ?? 'delivered';
    }
    case 'answered':
      return isMeant(outcome.by) ? 'answered by the mesh' : 'not delivered';
    case 'closed':
      return 'not delivered';
    case 'unknown':
      return 'unknown';
  }
}

/** Whether a rule asks for the answer. */
function isMeant(by: string): boolean {
  return by === 'direct response' || by === 'redirect' || by === 'redirect to TLS' || by === 'abort' || by === 'CORS preflight';
}
