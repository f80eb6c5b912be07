/** Rules on a ServiceEntry beyond its structure, after Istio's ValidateServiceEntry and the CRD's CEL rules. */

import type { ConfigObject } from '../../model/config-object.ts';
import { isWildcard } from '../../model/hostname.ts';
import type { Issue } from '../../model/issue.ts';
import { isHttp, isTcp, isTls, parseProtocol } from '../../model/protocol.ts';
import { checkExportTo } from '../parts/export-to.ts';
import { isDnsLabel, wrongFqdn, wrongPartialWildcard, wrongSubnet, wrongWildcardDomain } from '../parts/host-checks.ts';
import { checkLabels, checkLabelsSelector } from '../parts/label-checks.ts';
import { isKnownProtocol } from '../parts/protocol-checks.ts';
import { Report } from '../report.ts';
import { checkPorts, checkSocket, checkWorkload, wrongAddress } from '../workload-entry/workload-checks.ts';
import type { ServiceEntry } from './service-entry.ts';

export function validateServiceEntry(object: ConfigObject<ServiceEntry>): readonly Issue[] {
  const report = new Report();
  const { spec, namespace } = object;
  checkLabelsSelector(spec.workloadSelector, ['spec', 'workloadSelector'], report);
  if (spec.workloadSelector && spec.endpoints) report.error(['spec'], 'may have only one of workloadSelector and endpoints');
  checkHosts(spec, report);
  checkAddresses(spec, report);
  checkServicePorts(spec, report);
  checkEndpoints(spec, report);
  if (spec.resolution === 'DYNAMIC_DNS') checkDynamicDns(object, report);
  checkExportTo(spec.exportTo, ['spec', 'exportTo'], { namespace, allowsNone: true }, report);
  return report.issues;
}

function resolutionOf(spec: ServiceEntry): NonNullable<ServiceEntry['resolution']> {
  return spec.resolution ?? 'NONE';
}

function checkHosts(spec: ServiceEntry, report: Report): void {
  for (const [i, host] of spec.hosts.entries()) {
    const path = ['spec', 'hosts', i];
    const wrong = host === '*' ? 'must not be "*"' : wrongWildcardDomain(host);
    if (wrong !== undefined) report.error(path, wrong);
    const partial = wrongPartialWildcard(host);
    if (wrong === undefined && partial !== undefined && spec.resolution !== 'DYNAMIC_DNS') report.warn(path, partial);
  }
  if (resolutionOf(spec) === 'NONE' || spec.hosts.length < 2) return;
  for (const [i, port] of (spec.ports ?? []).entries()) {
    const protocol = parseProtocol(port.protocol);
    if (isHttp(protocol) || isTls(protocol)) continue;
    report.error(['spec', 'ports', i, 'protocol'], 'must be HTTP or TLS, because several hosts cannot be told apart otherwise');
    return;
  }
}

function checkAddresses(spec: ServiceEntry, report: Report): void {
  const resolution = resolutionOf(spec);
  const allowsBlocks = resolution === 'NONE' || resolution === 'STATIC';
  for (const [i, address] of (spec.addresses ?? []).entries()) {
    const wrong = wrongSubnet(address);
    if (wrong !== undefined) report.error(['spec', 'addresses', i], wrong);
    if (address.includes('/') && !allowsBlocks)
      report.error(['spec', 'addresses', i], `may be a CIDR block with resolution NONE or STATIC only, not ${resolution}`);
  }
}

function checkServicePorts(spec: ServiceEntry, report: Report): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  for (const [i, { name, number, protocol }] of (spec.ports ?? []).entries()) {
    const path = ['spec', 'ports', i];
    if (names.has(name)) report.error([...path, 'name'], `repeats "${name}"`);
    if (numbers.has(number)) report.error([...path, 'number'], `repeats ${number}`);
    names.add(name);
    numbers.add(number);
    if (!isDnsLabel(name)) report.error([...path, 'name'], 'must be the name of a port: letters, digits and "-"');
    if (protocol && !isKnownProtocol(protocol)) report.error([...path, 'protocol'], `is not known: "${protocol}"`);
  }
}

function checkEndpoints(spec: ServiceEntry, report: Report): void {
  const { endpoints = [], hosts, ports = [], addresses = [] } = spec;
  const resolution = resolutionOf(spec);
  const servicePorts: ReadonlySet<string> = new Set(ports.map((port) => port.name));
  for (const [i, endpoint] of endpoints.entries()) {
    const path = ['spec', 'endpoints', i];
    if (resolution === 'STATIC') {
      checkWorkload(endpoint, { servicePorts, allowsHostName: false }, path, report);
      continue;
    }
    if (!endpoint.address && !endpoint.network) report.error([...path, 'address'], 'is required');
    checkSocket(endpoint, path, report);
    checkPorts(endpoint, servicePorts, path, report);
    checkLabels(endpoint.labels, [...path, 'labels'], report);
    const isDns = resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
    const wrong = isDns ? (endpoint.address ? wrongAddress(endpoint.address, true) : 'is required') : undefined;
    if (wrong !== undefined) report.error([...path, 'address'], wrong);
  }
  if (resolution === 'NONE') {
    if (spec.endpoints) report.error(['spec', 'endpoints'], 'is not possible with resolution NONE');
    if (spec.workloadSelector) report.warn(['spec', 'workloadSelector'], 'has no effect with resolution NONE');
  }
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1)
    report.error(['spec', 'endpoints'], 'must be at most one with resolution DNS_ROUND_ROBIN');
  if (resolution !== 'DNS' && resolution !== 'DNS_ROUND_ROBIN') return;
  if (endpoints.length === 0) {
    const wildcard = hosts.findIndex((host) => wrongFqdn(host) !== undefined);
    if (wildcard >= 0) report.error(['spec', 'hosts', wildcard], `must be a full name with resolution ${resolution}, or have endpoints`);
  }
  if (addresses.length > 0 && hosts.length > 1 && ports.some((port) => isTcp(parseProtocol(port.protocol)))) {
    report.warn(['spec', 'hosts'], 'should be one only, because a TCP port and addresses are given');
  }
}

/** Resolution at request time, of hosts that are known by a wildcard only. */
function checkDynamicDns(object: ConfigObject<ServiceEntry>, report: Report): void {
  const { hosts, addresses = [], endpoints = [], ports = [], location = 'MESH_EXTERNAL' } = object.spec;
  for (const [i, host] of hosts.entries())
    if (!isWildcard(host)) report.error(['spec', 'hosts', i], 'must be a wildcard with resolution DYNAMIC_DNS');
  if (addresses.length > 0) report.error(['spec', 'addresses'], 'is not possible with resolution DYNAMIC_DNS');
  if (endpoints.length > 0) report.error(['spec', 'endpoints'], 'is not possible with resolution DYNAMIC_DNS');
  for (const [i, { protocol }] of ports.entries()) {
    const fits = ['HTTP', 'TLS', 'GRPC', 'HTTP2'].includes(parseProtocol(protocol));
    if (!fits) report.error(['spec', 'ports', i, 'protocol'], 'must be HTTP, HTTP2, GRPC or TLS with resolution DYNAMIC_DNS');
  }
  const waypoint = object.labels['istio.io/use-waypoint'] ?? '';
  if (location === 'MESH_INTERNAL' && waypoint !== '' && waypoint.toLowerCase() !== 'none') {
    report.error(['spec', 'location'], 'must be MESH_EXTERNAL with resolution DYNAMIC_DNS and a waypoint');
  }
}
