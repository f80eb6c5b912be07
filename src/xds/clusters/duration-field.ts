import type { Duration } from '../../envoy/generated/google/protobuf/Duration.ts';
import { parseDuration } from '../../lib/duration.ts';

/** A user's duration as a message; undefined where there is none. Validation has refused texts that are none. */
export function durationField(text: string | undefined): Duration | undefined {
  return text === undefined ? undefined : parseDuration(text);
}
