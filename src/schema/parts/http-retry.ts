/** Retries of a route (VirtualService, MeshConfig). */

import { object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, duration, int32, string } from '../field/scalars.ts';

export const httpRetry = object({
  attempts: int32(),
  perTryTimeout: duration({ minMs: 1 }),
  retryOn: string(),
  retryRemoteLocalities: bool(),
  retryIgnorePreviousHosts: bool(),
  backoff: duration({ minMs: 1 }),
});
export type HttpRetry = Infer<typeof httpRetry>;
