/** Faults that an HTTP rule of a VirtualService injects. */

import { object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { duration, int32, number, string } from '../field/scalars.ts';

export const percent = object({
  value: number(),
});
export type Percent = Infer<typeof percent>;

const faultDelay = object(
  {
    percent: int32(),
    fixedDelay: duration({ minMs: 1 }),
    exponentialDelay: duration({ minMs: 1 }),
    percentage: percent,
  },
  { atMostOneOf: [['fixedDelay', 'exponentialDelay']] },
);
export type FaultDelay = Infer<typeof faultDelay>;

const faultAbort = object(
  {
    httpStatus: int32(),
    grpcStatus: string(),
    http2Error: string(),
    percentage: percent,
  },
  { atMostOneOf: [['httpStatus', 'grpcStatus', 'http2Error']] },
);
export type FaultAbort = Infer<typeof faultAbort>;

export const httpFault = object({
  delay: faultDelay,
  abort: faultAbort,
});
export type HttpFault = Infer<typeof httpFault>;
