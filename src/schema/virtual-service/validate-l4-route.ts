/** Rules on the TLS and TCP rules of a VirtualService. */

import { isSubsetOf } from '../../model/hostname.ts';
import type { Path } from '../field/parse-context.ts';
import { isAddress, wrongPort, wrongSniOrWildcardDomain, wrongSubnet, wrongWildcardDomain } from '../parts/host-checks.ts';
import { checkLabels } from '../parts/label-checks.ts';
import { checkWeightedDestinations } from '../parts/route-destination-checks.ts';
import type { Report } from '../report.ts';
import { checkGatewayNames } from './gateway-names.ts';
import type { L4Match, TcpRoute, TlsMatch, TlsRoute } from './virtual-service.ts';

interface Owner {
  readonly hosts: readonly string[];
  readonly isForGateways: boolean;
}

export function checkTlsRoute(route: TlsRoute, owner: Owner, path: Path, report: Report): void {
  if (route.match.length === 0) report.error([...path, 'match'], 'must have at least one match');
  for (const [i, match] of route.match.entries()) {
    const at = [...path, 'match', i];
    if (match.sniHosts.length === 0) report.error([...at, 'sniHosts'], 'must have at least one host');
    for (const [j, host] of match.sniHosts.entries()) checkSniHost(host, owner, [...at, 'sniHosts', j], report);
    checkL4Match(match, at, report);
  }
  if (!route.route?.length) report.error([...path, 'route'], 'is required');
  checkWeightedDestinations(route.route ?? [], [...path, 'route'], report);
}

export function checkTcpRoute(route: TcpRoute, path: Path, report: Report): void {
  for (const [i, match] of (route.match ?? []).entries()) checkL4Match(match, [...path, 'match', i], report);
  if (!route.route?.length) report.error([...path, 'route'], 'is required');
  checkWeightedDestinations(route.route ?? [], [...path, 'route'], report);
}

function checkSniHost(host: string, owner: Owner, path: Path, report: Report): void {
  const wrong = owner.isForGateways ? wrongSniOrWildcardDomain(host) : wrongWildcardDomain(host);
  if (wrong !== undefined) {
    if (isAddress(host)) report.warn(path, 'is an IP address, which SNI does not have: most clients never send it');
    else report.error(path, wrong);
  } else if (!owner.hosts.some((known) => isSubsetOf(host, known))) {
    report.error(path, `must be within one of the hosts of the VirtualService (${owner.hosts.join(', ')})`);
  }
}

function checkL4Match(match: L4Match | TlsMatch, path: Path, report: Report): void {
  for (const [i, subnet] of (match.destinationSubnets ?? []).entries()) {
    const wrong = wrongSubnet(subnet);
    if (wrong !== undefined) report.error([...path, 'destinationSubnets', i], wrong);
  }
  if (match.port && wrongPort(match.port) !== undefined) report.error([...path, 'port'], wrongPort(match.port)!);
  checkLabels(match.sourceLabels, [...path, 'sourceLabels'], report);
  checkGatewayNames(match.gateways, [...path, 'gateways'], report);
}
