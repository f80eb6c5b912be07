/** Rules on where routes send traffic. */

import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import { isDnsLabel, wrongPort, wrongWildcardDomain } from './host-checks.ts';
import type { Destination } from './route-destination.ts';

export function checkDestination(destination: Destination | undefined, path: Path, report: Report): void {
  if (!destination) return;
  const { host, subset, port } = destination;
  const wrongHost = host === '*' ? 'must be one host, not "*"' : wrongWildcardDomain(host);
  if (wrongHost !== undefined) report.error([...path, 'host'], wrongHost);
  if (subset && !isDnsLabel(subset)) report.error([...path, 'subset'], 'must be the name of a subset: letters, digits and "-"');
  if (!port) return;
  const wrong = wrongPort(port.number ?? 0);
  if (wrong !== undefined) report.error([...path, 'port', 'number'], wrong);
}

interface Weighted {
  readonly destination: Destination;
  readonly weight?: number;
}

export function checkWeightedDestinations(destinations: readonly Weighted[], path: Path, report: Report): void {
  let total = 0;
  for (const [i, { destination, weight = 0 }] of destinations.entries()) {
    checkDestination(destination, [...path, i, 'destination'], report);
    if (weight < 0) report.error([...path, i, 'weight'], 'must not be negative');
    total += weight;
  }
  if (destinations.length > 1 && total === 0) report.error(path, 'must have a destination with a weight above 0');
}
