import type { FractionalPercent } from '../../envoy/generated/envoy/type/v3/FractionalPercent.ts';
import type { Percent } from '../../schema/virtual-service/http-fault.ts';

/** A percentage with up to four decimals; more are cut off, as Istio does. */
export function perMillion(percent: Percent): FractionalPercent {
  return { numerator: Math.trunc((percent.value ?? 0) * 10_000), denominator: 'MILLION' };
}

export function perHundred(percent: number): FractionalPercent {
  return { numerator: percent, denominator: 'HUNDRED' };
}
