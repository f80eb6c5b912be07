import type { Duration } from '../envoy/generated/google/protobuf/Duration.ts';

/** Milliseconds of a duration of protobuf. */
export function durationMs({ seconds, nanos }: Duration): number {
  return Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1e6;
}
