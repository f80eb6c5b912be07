/** Outlier detection of a traffic policy. */

import { list, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, duration, int32, uint32 } from '../field/scalars.ts';

export const outlierDetection = object({
  consecutiveErrors: int32(),
  splitExternalLocalOriginErrors: bool(),
  consecutiveLocalOriginFailures: uint32(),
  consecutiveGatewayErrors: uint32(),
  consecutive5xxErrors: uint32(),
  interval: duration({ minMs: 1 }),
  baseEjectionTime: duration({ minMs: 1 }),
  maxEjectionPercent: int32(),
  minHealthPercent: int32(),
  outlierDetectionHttpErrorCodes: list(uint32({ min: 100, max: 599 })),
});
export type OutlierDetection = Infer<typeof outlierDetection>;
