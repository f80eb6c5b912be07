/** Rules on a workload's address and ports (WorkloadEntry, endpoints of a ServiceEntry, template of a WorkloadGroup). */

import type { Path } from '../field/parse-context.ts';
import { isAddress, isDnsLabel, unixPrefix, wrongFqdn, wrongSocketPath } from '../parts/host-checks.ts';
import { checkLabels } from '../parts/label-checks.ts';
import type { Report } from '../report.ts';
import type { WorkloadEntry } from './workload-entry.ts';

interface WorkloadContext {
  /** Names of the service's ports, where the workload belongs to a ServiceEntry. */
  readonly servicePorts?: ReadonlySet<string>;
  /** Whether the address may be a host name. */
  readonly allowsHostName: boolean;
}

export function checkWorkload(workload: WorkloadEntry, context: WorkloadContext, path: Path, report: Report): void {
  const { address = '', network } = workload;
  if (address === '') {
    if (!network) {
      report.error([...path, 'address'], 'is required');
      return;
    }
    report.warn([...path, 'address'], `is not set, traffic goes through the gateways of network ${network}`);
  }
  const isSocket = address.startsWith(unixPrefix);
  const wrong = isSocket ? undefined : wrongAddress(address, context.allowsHostName);
  if (wrong !== undefined) report.error([...path, 'address'], wrong);
  checkSocket(workload, path, report);
  checkPorts(workload, context.servicePorts, path, report);
  checkLabels(workload.labels, [...path, 'labels'], report);
  if (isSocket && context.servicePorts && context.servicePorts.size !== 1)
    report.error(path, 'needs a service with exactly one port, because its address is a socket');
}

export function wrongAddress(address: string, allowsHostName: boolean): string | undefined {
  if (address === '' || isAddress(address)) return undefined;
  if (!allowsHostName) return `must be an IP address, not "${address}"`;
  return wrongFqdn(address) === undefined ? undefined : `must be an IP address or a host name, not "${address}"`;
}

/** Rules on `unix://` addresses, which the API server checks everywhere. */
export function checkSocket(workload: WorkloadEntry, path: Path, report: Report): void {
  const { address = '', ports } = workload;
  if (!address.startsWith(unixPrefix)) return;
  const wrong = wrongSocketPath(address.slice(unixPrefix.length));
  if (wrong !== undefined || address.endsWith('/')) report.error([...path, 'address'], wrong ?? 'must be a file, not a directory');
  if (ports !== undefined) report.error([...path, 'ports'], 'is not possible with a unix domain socket');
}

export function checkPorts(workload: WorkloadEntry, servicePorts: ReadonlySet<string> | undefined, path: Path, report: Report): void {
  for (const name in workload.ports) {
    const at = [...path, 'ports', name];
    if (!isDnsLabel(name) || name.length > 62) report.error(at, 'must be the name of a port: letters, digits and "-", at most 62');
    if (servicePorts && !servicePorts.has(name)) report.error(at, 'is no port of the service');
  }
}
