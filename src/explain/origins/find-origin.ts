import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { Place } from '../../simulate/step.ts';
import { objectOfConfigPath } from '../../xds/config-metadata.ts';
import type { Origin } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';
import type { ServedProxy } from '../served-proxy.ts';
import { parseClusterName } from './cluster-name.ts';
import { destinationRuleOrigin } from './destination-rule-origin.ts';
import { gatewayServerOrigin } from './gateway-origin.ts';
import { ingressRuleOrigin } from './ingress-origin.ts';
import { metadataAt, partsAt } from './metadata-at.ts';
import { patchOrigin } from './patch-origin.ts';
import { peerAuthenticationOrigin } from './peer-authentication-origin.ts';
import { serviceOrigin, serviceSeenFrom } from './service-origin.ts';
import { egressOrigin, ingressOrigin, unknownHostsOrigin } from './sidecar-origin.ts';
import { httpRuleOrigin, l4RuleOrigin } from './virtual-service-origin.ts';

/**
 * The field of the configuration that made a part of a resource: what the part says of itself, else what its name, its port and the
 * proxy tell. Undefined where nobody wrote anything: Istio's own defaults.
 */
export function findOrigin(proxy: ServedProxy, place: Place): Origin | undefined {
  switch (place.resource) {
    case 'listener':
      return listenerOrigin(proxy, place);
    case 'route table':
      return routeOrigin(proxy, place);
    case 'cluster':
    case 'endpoints':
      return clusterOrigin(proxy, place.name);
  }
}

function listenerOrigin(proxy: ServedProxy, place: Place): Origin | undefined {
  const [listener, , found] = partsAt(proxy.resources, place) as readonly [Listener | undefined, unknown, FilterChain | undefined];
  const chain =
    place.path[0] === 'filter_chains'
      ? found
      : place.path[0] === 'default_filter_chain'
        ? (listener?.default_filter_chain ?? undefined)
        : undefined;
  const port = listener?.address?.socket_address?.port_value ?? 0;
  const chainPort = chain?.filter_chain_match?.destination_port?.value ?? port;
  const serverNames = chain?.filter_chain_match?.server_names ?? [];
  const source = sourceAt(proxy, place);
  if (source?.kind === 'VirtualService') return l4RuleOrigin(proxy.world, source, { serverNames, port });
  if (source?.kind === 'Sidecar') return ingressOrigin(proxy, chainPort) ?? locateOrigin(proxy.world, source);
  if (source !== undefined) return locateOrigin(proxy.world, source);
  if (proxy.subject.role === 'router') return gatewayServerOrigin(proxy, { port, serverNames });
  if (listener?.traffic_direction === 'INBOUND') return chain && inboundOrigin(proxy, chainPort);
  return egressOrigin(proxy, port) ?? addressOrigin(proxy, place.name, port);
}

/** PeerAuthentication decides which chains there are; where nobody wrote any, it is the port of the Service. */
function inboundOrigin(proxy: ServedProxy, port: number): Origin | undefined {
  const { namespace, labels } = proxy.subject;
  return peerAuthenticationOrigin(proxy.world, { namespace, labels, port }) ?? targetOrigin(proxy, port);
}

/** The port of the Service that leads to a port of the workload. */
function targetOrigin({ world, scopes }: ServedProxy, targetPort: number): Origin | undefined {
  const target = scopes.inbound.targets.find((each) => each.targetPort === targetPort);
  const service = target && world.mesh.inputs.services.lookup(target.service);
  return service && serviceOrigin(world, service, target.port);
}

/** Listeners of byte streams are named after the address of their service. */
function addressOrigin({ world, subject }: ServedProxy, name: string, port: number): Origin | undefined {
  const address = name.slice(0, name.lastIndexOf('_'));
  if (address === '0.0.0.0' || address === '::' || address === '') return undefined;
  const service = [...world.mesh.inputs.services.get().values()].find((each) => each.addresses.includes(address));
  return service && serviceOrigin(world, serviceSeenFrom(world, subject.namespace, service.hostname) ?? service, port);
}

function routeOrigin(proxy: ServedProxy, place: Place): Origin | undefined {
  const { config, rule } = metadataAt(proxy.resources, place);
  const source = config === undefined ? undefined : objectOfConfigPath(config);
  if (source !== undefined && place.path.includes('routes')) {
    const isMade = source.kind === 'VirtualService' && !proxy.world.table('VirtualService').lookup(`${source.namespace}/${source.name}`);
    if (isMade) return ingressRuleOrigin(proxy, source, rule);
    return rule === undefined ? locateOrigin(proxy.world, source) : httpRuleOrigin(proxy.world, source, rule);
  }
  const route = place.path.includes('routes') ? (partsAt(proxy.resources, place)[4] as Route | undefined) : undefined;
  const patched = source === undefined && route?.name ? patchOrigin(proxy, route.name) : undefined;
  if (patched) return patched;
  const virtualHost = partsAt(proxy.resources, place)[2] as VirtualHost | undefined;
  if (virtualHost === undefined) return proxy.subject.role === 'router' ? gatewayServerOrigin(proxy, { routeName: place.name }) : undefined;
  return virtualHostOrigin(proxy, place, virtualHost);
}

function virtualHostOrigin(proxy: ServedProxy, place: Place, { name = '' }: VirtualHost): Origin | undefined {
  if (name === 'allow_any' || name === 'block_all' || name === 'allow_any_dynamic_dns') return unknownHostsOrigin(proxy);
  const at = name.lastIndexOf(':');
  const [host, port] = [name.slice(0, at).replace(/^\[(.*)\]$/, '$1'), Number(name.slice(at + 1))];
  if (proxy.subject.role === 'router') return gatewayServerOrigin(proxy, { routeName: place.name, host });
  const [, inboundPort] = /^inbound\|http\|(\d+)$/.exec(name) ?? [];
  const service = inboundPort === undefined ? serviceSeenFrom(proxy.world, proxy.subject.namespace, host) : undefined;
  return service && serviceOrigin(proxy.world, service, port);
}

function clusterOrigin(proxy: ServedProxy, name: string): Origin | undefined {
  const cluster = parseClusterName(name);
  const source = sourceAt(proxy, { resource: 'cluster', name, path: [] });
  if (source?.kind === 'DestinationRule')
    return destinationRuleOrigin(proxy.world, source, { subset: cluster?.subset ?? '', port: cluster?.port ?? 0 });
  if (source !== undefined) return locateOrigin(proxy.world, source);
  if (cluster === undefined) return name === 'PassthroughCluster' || name === 'BlackHoleCluster' ? unknownHostsOrigin(proxy) : undefined;
  if (cluster.direction === 'inbound') return ingressOrigin(proxy, cluster.port) ?? targetOrigin(proxy, cluster.port);
  const service = serviceSeenFrom(proxy.world, proxy.subject.namespace, cluster.hostname);
  return service && serviceOrigin(proxy.world, service, cluster.port);
}

function sourceAt({ resources }: ServedProxy, place: Place): ObjectRef | undefined {
  const { config } = metadataAt(resources, place);
  return config === undefined ? undefined : objectOfConfigPath(config);
}
