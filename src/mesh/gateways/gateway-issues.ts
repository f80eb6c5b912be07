import type { Issue } from '../../model/issue.ts';
import { formatRef } from '../../model/object-ref.ts';
import { issueCodes } from '../../schema/issue-codes.ts';
import type { MergedGateway, MergedServer, RejectedServer } from './merged-gateway.ts';
import { isPassthrough } from './server-kind.ts';

/**
 * What of the Gateways that one workload serves comes to nothing, because another server was there first. Istio says the first kind in
 * its log and in `pilot_total_rejected_configs`, and `istioctl analyze` finds some of it (IST0145); of the second its Envoys refuse the listener.
 * `only`: of this port that is listened on.
 */
export function gatewayIssues({ rejected, ports }: MergedGateway, only?: number): readonly Issue[] {
  const isMeant = (port: number) => only === undefined || only === port;
  const issues = rejected.filter(({ port }) => isMeant(port)).map(rejectedIssue);
  const taken = new Map<string, MergedServer>();
  for (const { number, bind, servers } of ports) {
    for (const server of servers) {
      if (server.tls === undefined || isPassthrough(server) || !isMeant(number)) continue;
      for (const name of server.sniHosts.includes('*') ? ['*'] : server.sniHosts) {
        const key = `${number}|${bind}|${name}`;
        const other = taken.get(key);
        if (other === undefined) taken.set(key, server);
        else issues.push(takenIssue(server, name, number, other));
      }
    }
  }
  return issues;
}

function rejectedIssue({ server, port, reason, other }: RejectedServer): Issue {
  const there = placeOf(other);
  switch (reason) {
    case 'duplicate-hosts': {
      const host = server.hosts.find((each) => other.hosts.includes(each)) ?? '';
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

function takenIssue(server: MergedServer, name: string, port: number, other: MergedServer): Issue {
  const at = server.hosts.findIndex((host) => host === name || host.endsWith(`/${name}`));
  const whose = name === '*' ? 'TLS clients of every name' : `TLS clients of ${name}`;
  return issue(server, ['hosts', Math.max(0, at)], `the host has no effect: ${whose} are taken on port ${port} by ${placeOf(other)}`);
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
