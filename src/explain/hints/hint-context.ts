import type { SimulatedRequest } from '../../simulate/request.ts';
import type { Call } from '../call.ts';
import type { Hint, Verdict, Way } from '../explanation.ts';
import type { ResolvedName } from '../resolve-name.ts';
import type { ServedProxy } from '../served-proxy.ts';

/** What hints are found from. */
export interface HintContext {
  readonly proxy: ServedProxy;
  readonly call: Call;
  readonly request: SimulatedRequest;
  readonly name: ResolvedName;
  readonly way: Way;
  readonly verdict: Verdict;
}

/** One usual mistake: nothing where it was not made. */
export type FindHints = (context: HintContext) => readonly Hint[];
