/** Rules on a VirtualService beyond its structure, after Istio's ValidateVirtualService. */

import type { ConfigObject } from '../../model/config-object.ts';
import { hostsMatch } from '../../model/hostname.ts';
import type { Issue } from '../../model/issue.ts';
import { checkExportTo } from '../parts/export-to.ts';
import { isClaimMatch } from '../parts/header-checks.ts';
import { isAddress, wrongSniOrWildcardDomain, wrongWildcardDomain } from '../parts/host-checks.ts';
import { Report } from '../report.ts';
import { checkGatewayNames } from './gateway-names.ts';
import { warnOfCoveredPrefixes, warnOfUnreachableRules } from './unreachable-rules.ts';
import { checkHttpRoute } from './validate-http-route.ts';
import { checkTcpRoute, checkTlsRoute } from './validate-l4-route.ts';
import type { VirtualService } from './virtual-service.ts';

export function validateVirtualService(object: ConfigObject<VirtualService>): readonly Issue[] {
  const report = new Report();
  const { hosts = [], gateways = [], http = [], tls = [], tcp = [], exportTo } = object.spec;
  const isDelegate = hosts.length === 0;
  const isForGateways = gateways.length > 0 && !gateways.includes('mesh');
  if (isDelegate) checkDelegate(object.spec, report);
  checkGatewayNames(gateways, ['spec', 'gateways'], report);
  if (!isForGateways) checkNoClaimMatches(object.spec, report);
  checkHosts(object.spec, isForGateways, report);
  if (http.length + tls.length + tcp.length === 0) report.error(['spec'], 'must have http, tls or tcp rules');
  for (const [i, route] of http.entries()) checkHttpRoute(route, isDelegate, ['spec', 'http', i], report);
  for (const [i, route] of tls.entries()) checkTlsRoute(route, { hosts, isForGateways }, ['spec', 'tls', i], report);
  for (const [i, route] of tcp.entries()) checkTcpRoute(route, ['spec', 'tcp', i], report);
  checkExportTo(exportTo, ['spec', 'exportTo'], { namespace: object.namespace }, report);
  for (const [name, rules] of Object.entries({ http, tls, tcp })) warnOfUnreachableRules(rules, ['spec', name], report);
  warnOfCoveredPrefixes(http, ['spec', 'http'], report);
  return report.issues;
}

/** A VirtualService without hosts is used through another one's `delegate` only. */
function checkDelegate(spec: VirtualService, report: Report): void {
  for (const part of ['gateways', 'tls', 'tcp'] as const) {
    if (spec[part]?.length) report.error(['spec', part], 'is not possible in a delegate, a VirtualService without hosts');
  }
}

function checkNoClaimMatches(spec: VirtualService, report: Report): void {
  for (const [i, route] of (spec.http ?? []).entries()) {
    for (const [j, match] of (route.match ?? []).entries()) {
      for (const part of ['headers', 'withoutHeaders'] as const) {
        for (const name in match[part]) {
          if (isClaimMatch(name)) report.error(['spec', 'http', i, 'match', j, part, name], 'matches a JWT claim, which only gateways can');
        }
      }
    }
  }
}

function checkHosts(spec: VirtualService, isForGateways: boolean, report: Report): void {
  const { hosts = [], tls = [] } = spec;
  const hasSni = tls.some((route) => route.match.some((match) => match.sniHosts.length > 0));
  let areValid = true;
  for (const [i, host] of hosts.entries()) {
    let wrong = isForGateways && hasSni ? wrongSniOrWildcardDomain(host) : wrongWildcardDomain(host);
    if (wrong !== undefined && isAddress(host)) continue;
    if (host === '*' && !isForGateways) wrong = 'must not be "*" for the mesh; a wildcard needs a domain such as "*.example.com"';
    if (wrong === undefined) continue;
    areValid = false;
    report.error(['spec', 'hosts', i], wrong);
  }
  if (!areValid) return;
  for (const [i, host] of hosts.entries()) {
    const twin = hosts.slice(0, i).find((earlier) => hostsMatch(earlier, host));
    if (twin !== undefined) report.error(['spec', 'hosts', i], `overlaps with "${twin}"`);
  }
}
