import { meshGateway, type ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import { isVisibleTo } from '../../mesh/visibility.ts';
import { bySpecificity, hostsMatch } from '../../model/hostname.ts';
import { formatRef, type ObjectRef } from '../../model/object-ref.ts';
import type { Step } from '../../simulate/step.ts';
import { objectOfConfigPath } from '../../xds/config-metadata.ts';
import { ask } from '../ask.ts';
import type { ExplainedLoser } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';
import { metadataAt } from '../origins/metadata-at.ts';
import { sidecarOf } from '../origins/sidecar-origin.ts';
import type { ServedProxy } from '../served-proxy.ts';
import { ruleClient } from './rule-client.ts';
import { hostOfVirtualHost, virtualHostAt } from './virtual-host-at.ts';

/** Other VirtualServices with the host, and what keeps each from deciding. Virtual hosts of gateways may be for more than the one that is asked for. */
export function lostVirtualServices(proxy: ServedProxy, { at }: Step, requestHost: string): readonly ExplainedLoser[] {
  const virtualHost = virtualHostAt(proxy.resources, at);
  if (at === undefined || virtualHost === undefined) return [];
  const host = proxy.subject.role === 'router' ? requestHost : hostOfVirtualHost(virtualHost);
  const source = objectOfConfigPath(metadataAt(proxy.resources, at).config ?? '');
  const { mesh } = proxy.world;
  const all = ask(mesh.engine, (read) => [...read(mesh.virtualServices.merged).values()]).map(({ virtualService }) => virtualService);
  const winner = source && all.find((each) => formatRef(each.source) === formatRef(source));
  const { gateways } = ruleClient(proxy, at.name);
  return all
    .filter((each) => each !== winner && host !== '' && each.hosts.some((pattern) => hostsMatch(pattern, host)))
    .flatMap((each): readonly ExplainedLoser[] => {
      const reason = whyNot(each, { proxy, host, gateways, winner });
      return reason === undefined
        ? []
        : [{ name: objectName(each.source), reason, origin: locateOrigin(proxy.world, each.source, fieldOf(reason)) }];
    });
}

interface Contest {
  readonly proxy: ServedProxy;
  readonly host: string;
  readonly gateways: ReadonlySet<string>;
  readonly winner: ResolvedVirtualService | undefined;
}

/** Undefined where nothing keeps it: its rules are in the table too. */
function whyNot(loser: ResolvedVirtualService, { proxy, host, gateways, winner }: Contest): string | undefined {
  const { namespace } = proxy.subject;
  const isRouter = proxy.subject.role === 'router';
  if (!loser.gateways.some((gateway) => gateways.has(gateway)))
    return `gateways: bound to ${loser.gateways.join(', ')}, not to ${isRouter ? [...gateways].join(', ') : 'sidecars (mesh)'}`;
  if (!isVisibleTo(loser.exportTo, loser.namespace, namespace))
    return `exportTo: ${loser.exportTo.join(', ')} does not let namespace ${namespace} see it`;
  if (isRouter) return undefined;
  const sidecar = sidecarOf(proxy);
  const key = proxy.scopes.outbound.sidecar;
  const scope =
    key === undefined ? undefined : ask(proxy.world.mesh.engine, (read) => read(proxy.world.mesh.sidecars.scope(key, namespace)));
  if (scope && !scope.egress.some((each) => each.virtualServices.some(({ source }) => formatRef(source) === formatRef(loser.source))))
    return `Sidecar ${sidecar?.namespace}/${sidecar?.name} does not import it`;
  if (winner === undefined) return `no rule of it is for this port, or for this client (gateways ${meshGateway})`;
  const [own, best] = [bestHost(loser, host), bestHost(winner, host)];
  if (own !== best) return `hosts: ${own} is less specific than ${best} of ${objectName(winner.source)}`;
  if (loser.createdAt !== winner.createdAt)
    return `${objectName(winner.source)} has the same host and is older; on sidecars the oldest decides alone`;
  return `${objectName(winner.source)} has the same host and comes first by name; on sidecars one decides alone`;
}

function bestHost({ hosts }: ResolvedVirtualService, host: string): string {
  return hosts.filter((pattern) => hostsMatch(pattern, host)).sort(bySpecificity)[0] ?? '';
}

function fieldOf(reason: string): readonly string[] {
  const field = /^(gateways|exportTo|hosts): /.exec(reason)?.[1];
  return ['spec', field ?? 'hosts'];
}

function objectName({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace}/${name}`;
}
