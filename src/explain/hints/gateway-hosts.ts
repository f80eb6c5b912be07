import { meshGateway } from '../../mesh/routing/resolved-virtual-service.ts';
import { hostsMatch } from '../../model/hostname.ts';
import { ask } from '../ask.ts';
import { authorityOf, hostNameOf } from '../call.ts';
import type { Hint } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';
import { mergedGatewayOf, withoutNamespace } from '../origins/gateway-origin.ts';
import type { FindHints, HintContext } from './hint-context.ts';

/** A gateway knows no host, or no rule, for a request. */
export const gatewayHosts: FindHints = (context) => {
  const { proxy, call, request, verdict } = context;
  const merged = mergedGatewayOf(proxy);
  if (merged === undefined || verdict === 'delivered' || verdict === 'answered by the mesh') return [];
  const host = hostNameOf(
    call.protocol === 'tcp' || (call.tls && request.host === undefined) ? (call.sni ?? call.host) : authorityOf(call),
  );
  const servers = merged.ports.filter(({ number }) => number === request.destination.port).flatMap((port) => port.servers);
  if (servers.length === 0)
    return [
      noServer(
        context,
        merged.ports.map(({ number }) => number),
      ),
    ];
  const fitting = servers.filter((server) => server.hosts.some((each) => hostsMatch(withoutNamespace(each), host)));
  if (fitting.length === 0) {
    const [first] = servers;
    const hosts = [...new Set(servers.flatMap((server) => server.hosts))].join(', ');
    return [
      {
        message: `no server on port ${request.destination.port} is for host ${host}`,
        advice: `their hosts are ${hosts}`,
        ...(first && { origin: locateOrigin(proxy.world, first.source, ['spec', 'servers', first.index, 'hosts']) }),
      },
    ];
  }
  return unboundRules(context, host, new Set(fitting.map(({ gateway }) => gateway)));
};

function noServer({ proxy, request }: HintContext, ports: readonly number[]): Hint {
  const message = `no Gateway opens port ${request.destination.port} on this proxy`;
  if (ports.length > 0) return { message, advice: `open ${ports.length === 1 ? 'is' : 'are'} ${ports.join(', ')}` };
  const labels = Object.entries(proxy.scopes.labels)
    .filter(([key]) => !key.includes('/'))
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
  return { message, advice: `the selector of a Gateway has to fit its labels: ${labels}` };
}

/** VirtualServices with the host that are not on any of these gateways. */
function unboundRules({ proxy }: HintContext, host: string, gateways: ReadonlySet<string>): readonly Hint[] {
  const { mesh } = proxy.world;
  const all = ask(mesh.engine, (read) => [...read(mesh.virtualServices.merged).values()]).map(({ virtualService }) => virtualService);
  const named = all.filter((each) => each.hosts.some((pattern) => hostsMatch(pattern, host)));
  if (named.some((each) => each.gateways.some((gateway) => gateways.has(gateway)))) return [];
  const names = [...gateways].join(', ');
  if (named.length === 0) return [{ message: `no VirtualService is for host ${host}`, advice: `write one with gateways: [${names}]` }];
  return named.map((each) => ({
    message: `VirtualService ${each.namespace}/${each.name} has host ${host}, but is bound to ${each.gateways.map((gateway) => (gateway === meshGateway ? 'mesh (sidecars)' : gateway)).join(', ')} alone`,
    advice: `add ${names} to its gateways`,
    origin: locateOrigin(proxy.world, each.source, ['spec', 'gateways']),
  }));
}
