import type { Call } from './call.ts';

/** What is to be explained. */
export interface ExplainRequest {
  readonly from: { readonly kind: 'workload' | 'gateway'; readonly name: string };
  readonly call: Call;
  /** False: only the proxy of the client is looked at. */
  readonly followsToServer: boolean;
}
