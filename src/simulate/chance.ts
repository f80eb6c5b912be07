import type { FractionalPercent } from '../envoy/generated/envoy/type/v3/FractionalPercent.ts';

const denominators: Readonly<Record<string, number>> = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 };

/** 0 to 1. Absent is 0, as for Envoy's percentages; above the whole is the whole. */
export function chanceOf(percent: FractionalPercent | null | undefined): number {
  const whole = denominators[String(percent?.denominator ?? 'HUNDRED')] ?? 100;
  return Math.min(1, (percent?.numerator ?? 0) / whole);
}

/** `12.5%`. */
export function percentText(chance: number): string {
  return `${Number((chance * 100).toFixed(4))}%`;
}
