/** Rules on load balancing, after Istio's validateLoadBalancer. */

import type { Path } from '../field/parse-context.ts';
import { checkMillisecondPrecision } from '../parts/duration-checks.ts';
import { checkLocalityLb, checkZoneAwareLb } from '../parts/locality-checks.ts';
import type { Report } from '../report.ts';
import type { ConsistentHashLb, LoadBalancerSettings } from './load-balancer.ts';

export function checkLoadBalancer(
  settings: LoadBalancerSettings | undefined,
  hasOutlierDetection: boolean,
  path: Path,
  report: Report,
): void {
  if (!settings) return;
  const { consistentHash, localityLbSetting, zoneAwareLbSetting, warmup } = settings;
  if (consistentHash) checkConsistentHash(consistentHash, [...path, 'consistentHash'], report);
  if (localityLbSetting && zoneAwareLbSetting) report.error(path, 'may have only one of localityLbSetting and zoneAwareLbSetting');
  checkLocalityLb(localityLbSetting, hasOutlierDetection, [...path, 'localityLbSetting'], report);
  checkZoneAwareLb(zoneAwareLbSetting, hasOutlierDetection, [...path, 'zoneAwareLbSetting'], report);
  checkMillisecondPrecision(warmup?.duration, [...path, 'warmup', 'duration'], report);
  if (warmup?.aggression !== undefined && warmup.aggression <= 0) report.error([...path, 'warmup', 'aggression'], 'must be greater than 0');
}

const maxTableSize = 5_000_011;

function checkConsistentHash(hash: ConsistentHashLb, path: Path, report: Report): void {
  const { httpCookie, ringHash, maglev, minimumRingSize } = hash;
  if (httpCookie?.name === '') report.error([...path, 'httpCookie', 'name'], 'must not be empty');
  const names = new Set<string>();
  for (const [i, { name }] of (httpCookie?.attributes ?? []).entries()) {
    const at = [...path, 'httpCookie', 'attributes', i, 'name'];
    if (name === '') report.error(at, 'must not be empty');
    else if (names.has(name)) report.error(at, `repeats "${name}"`);
    names.add(name);
  }
  if (minimumRingSize) {
    report.warn([...path, 'minimumRingSize'], 'is deprecated', 'use ringHash.minimumRingSize');
    if (ringHash || maglev) report.error([...path, 'minimumRingSize'], 'is not possible beside ringHash or maglev');
  }
  if (!maglev) return;
  const size = maglev.tableSize ?? 0;
  const fits = size > 0 && size < maxTableSize && isPrime(size);
  if (!fits) report.error([...path, 'maglev', 'tableSize'], `must be a prime number below ${maxTableSize}, not ${size}`);
}

function isPrime(n: number): boolean {
  if (n < 2) return n === 1; // Envoy takes 1 for a prime
  for (let factor = 2; factor * factor <= n; factor++) if (n % factor === 0) return false;
  return true;
}
