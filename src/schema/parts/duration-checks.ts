/** Rules on durations beyond their syntax and least value. */

import { parseDurationMs } from '../../lib/duration.ts';
import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';

/** Istio's ValidateDuration: nothing finer than a millisecond. */
export function checkMillisecondPrecision(duration: string | undefined, path: Path, report: Report): void {
  if (duration !== undefined && (parseDurationMs(duration) ?? 0) % 1 !== 0) report.error(path, 'must be whole milliseconds');
}
