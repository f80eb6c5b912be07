import type { Issue } from '../../model/issue.ts';
import { formatRef } from '../../model/object-ref.ts';
import { issueCodes } from '../../schema/issue-codes.ts';
import type { LostName, MergedGateway, MergedServer, RejectedServer } from './merged-gateway.ts';

/**
 * What of the Gateways that one workload serves comes to nothing, because another server was there first. Istio says some of it in its
 * log and in `pilot_total_rejected_configs`, and `istioctl analyze` finds some (IST0145). `only`: of this port that is listened on.
 */
export function gatewayIssues({ rejected, lostNames }: MergedGateway, only?: number): readonly Issue[] {
  const isMeant = ({ port }: { readonly port: number }) => only === undefined || only === port;
  return [...rejected.filter(isMeant).map(rejectedIssue), ...lostNames.filter(isMeant).map(lostIssue)];
}

function rejectedIssue({ server, port, reason, other }: RejectedServer): Issue {
  const there = placeOf(other);
  switch (reason) {
    case 'duplicate-hosts': {
      const host = server.sniHosts.find((each) => other.sniHosts.includes(each)) ?? '';
      return issue(server, ['hosts'], `the server is left out: port ${port} has TLS for "${host}" already, by ${there}`);
    }
    case 'protocol-conflict': {
      const [ours, theirs] = [kindOf(server), kindOf(other)];
      return issue(
        server,
        ['port', 'protocol'],
        `the server is left out: port ${port} is taken for ${theirs} by ${there}, ${ours} cannot share it`,
      );
    }
    case 'duplicate-port-name':
      return issue(
        server,
        ['port', 'name'],
        `the server is left out: ${there} has the same port and port name`,
        'HTTPS servers need a port name each',
      );
  }
}

function lostIssue({ server, index, name, port, other, isRefused }: LostName): Issue {
  const taken = `TLS clients of "${name}" are taken on port ${port} by ${placeOf(other)}`;
  if (!isRefused) return issue(server, ['hosts', index], `the host has no effect: ${taken}`);
  return issue(
    server,
    ['hosts', index],
    `Envoy refuses the listener: ${taken}`,
    'a name on a port is for one server, whatever the namespace',
  );
}

function issue({ source, index }: MergedServer, field: readonly (string | number)[], message: string, hint?: string): Issue {
  const path = ['spec', 'servers', index, ...field];
  return { code: issueCodes.conflictingGateways, severity: 'warning', object: source, path, message, ...(hint !== undefined && { hint }) };
}

function placeOf({ source, index }: MergedServer): string {
  return `servers[${index}] of ${formatRef(source)}`;
}

function kindOf({ port, tls }: MergedServer): string {
  return tls === undefined ? port.protocol : `${port.protocol} with TLS`;
}
