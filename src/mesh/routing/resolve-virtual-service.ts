import { type ConfigObject, refOf } from '../../model/config-object.ts';
import { resolveShortName } from '../../model/hostname.ts';
import type { Destination } from '../../schema/parts/route-destination.ts';
import type { HttpRoute } from '../../schema/virtual-service/http-route.ts';
import type { TcpRoute, TlsRoute, VirtualService } from '../../schema/virtual-service/virtual-service.ts';
import type { MeshSettings } from '../settings.ts';
import { resolveGatewayName } from './resolve-gateway-name.ts';
import { meshGateway, type ResolvedVirtualService, type RouteSemantics } from './resolved-virtual-service.ts';

/** Istio's internal annotations on VirtualServices that were made from other kinds. */
const semanticsAnnotation = 'internal.istio.io/route-semantics';
const parentsAnnotation = 'internal.istio.io/parents';

type Naming = Pick<MeshSettings, 'domainSuffix'> & { readonly config: Pick<MeshSettings['config'], 'defaultVirtualServiceExportTo'> };

/** Turns short names into full ones. Gateway API objects name hosts in full already, so theirs stay as they are. */
interface NameRules {
  readonly host: (host: string) => string;
  readonly gateway: (gateway: string) => string;
}

/**
 * A VirtualService with every default and name filled in: hosts, destinations, gateways, exportTo (Istio
 * `ResolveVirtualServiceShortnames` and the exportTo rules of its VirtualService controller).
 */
export function resolveVirtualService(object: ConfigObject<VirtualService>, settings: Naming): ResolvedVirtualService {
  const { spec, namespace } = object;
  const source = refOf(object);
  const semantics = semanticsOf(object.annotations[semanticsAnnotation]);
  const names: NameRules = {
    host: (host) =>
      (semantics === 'gateway' || host === '' ? host : resolveShortName(host, namespace, settings.domainSuffix)).toLowerCase(),
    gateway: (gateway) => resolveGatewayName(gateway, namespace),
  };
  const gateways = (spec.gateways ?? []).map(names.gateway);
  return {
    name: object.name,
    namespace,
    source,
    createdAt: object.createdAt,
    semantics,
    parents: splitList(object.annotations[parentsAnnotation]),
    hosts: (spec.hosts ?? []).map(names.host),
    gateways: gateways.length === 0 ? [meshGateway] : gateways,
    exportTo: resolveExportTo(spec.exportTo, settings.config.defaultVirtualServiceExportTo, namespace),
    http: (spec.http ?? []).map((rule, index) => ({ ...resolveHttpRule(rule, names), origin: { source, index } })),
    tls: (spec.tls ?? []).map((rule, index) => ({ ...resolveL4Rule(rule, names), origin: { source, index } })),
    tcp: (spec.tcp ?? []).map((rule, index) => ({ ...resolveL4Rule(rule, names), origin: { source, index } })),
  };
}

function semanticsOf(annotation: string | undefined): RouteSemantics {
  return annotation === 'gateway' || annotation === 'ingress' ? annotation : 'virtual-service';
}

function splitList(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.split(',');
}

function resolveExportTo(own: readonly string[] | undefined, meshDefault: readonly string[] | undefined, namespace: string): string[] {
  const chosen = own !== undefined && own.length > 0 ? own : (meshDefault ?? []);
  return chosen.length === 0 ? ['*'] : chosen.map((name) => (name === '.' ? namespace : name));
}

function resolveHttpRule(rule: HttpRoute, names: NameRules): HttpRoute {
  return {
    ...rule,
    ...(rule.match && { match: rule.match.map((match) => resolveMatch(match, names)) }),
    ...(rule.route && { route: rule.route.map((to) => ({ ...to, destination: resolveDestination(to.destination, names) })) }),
    ...(rule.mirror && { mirror: resolveDestination(rule.mirror, names) }),
    ...(rule.mirrors && { mirrors: rule.mirrors.map((to) => ({ ...to, destination: resolveDestination(to.destination, names) })) }),
  };
}

function resolveL4Rule<R extends TlsRoute | TcpRoute>(rule: R, names: NameRules): R {
  return {
    ...rule,
    ...(rule.match && { match: rule.match.map((match) => resolveMatch(match, names)) }),
    ...(rule.route && { route: rule.route.map((to) => ({ ...to, destination: resolveDestination(to.destination, names) })) }),
  };
}

function resolveMatch<M extends { readonly gateways?: readonly string[] }>(match: M, names: NameRules): M {
  return match.gateways === undefined ? match : { ...match, gateways: match.gateways.map(names.gateway) };
}

function resolveDestination(destination: Destination, names: NameRules): Destination {
  return { ...destination, host: names.host(destination.host) };
}
