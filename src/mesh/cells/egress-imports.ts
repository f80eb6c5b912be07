import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { isWildcard } from '../../model/hostname.ts';
import type { Service } from '../../model/service.ts';
import type { IstioEgressListener } from '../../schema/sidecar/sidecar.ts';
import { virtualServicesForHost } from '../routing/l4-route.ts';
import { byVirtualServicePrecedence, rankVirtualServices } from '../routing/pick-virtual-service.ts';
import type { ResolvedVirtualService } from '../routing/resolved-virtual-service.ts';
import { wildcardsByTail, wildcardsFor } from '../routing/wildcard-hosts.ts';
import { type EgressHosts, parseEgressHosts } from '../sidecar/egress-hosts.ts';
import type { SidecarScope } from '../sidecar/sidecar-scope.ts';
import { sameElements } from './same-elements.ts';
import { samePart } from './same-part.ts';

/** What one egress listener of a Sidecar imports, key by key: who asks about one host is not told of changes of the others. */
export interface EgressImports {
  /** Undefined: the listener that every Sidecar without `egress` has. */
  readonly listener: Cell<IstioEgressListener | undefined>;
  readonly hosts: Cell<EgressHosts>;
  /** By hostname. */
  readonly services: MapCell<Service>;
  /** By `namespace/name`. */
  readonly virtualServices: MapCell<ResolvedVirtualService>;
  /** Of `virtualServices` those that hold for a host, best first. */
  readonly forHost: (hostname: string) => Cell<readonly ResolvedVirtualService[]>;
  /** Of `virtualServices` all that have a host in common with a service, in order of precedence (byte streams ask for all). */
  readonly allForHost: (hostname: string) => Cell<readonly ResolvedVirtualService[]>;
}

/** Whose listener: key of the Sidecar, namespace of the workloads, place among the Sidecar's listeners. */
export interface EgressPlace {
  readonly sidecar: string;
  readonly clientNamespace: string;
  readonly index: number;
}

export interface EgressImportsInput {
  readonly listener: (place: EgressPlace) => Cell<IstioEgressListener | undefined>;
  readonly scope: (place: EgressPlace) => Cell<SidecarScope | undefined>;
}

export function egressImports(engine: Engine, { listener, scope }: EgressImportsInput): (place: EgressPlace) => EgressImports {
  const hosts = engine.family<EgressHosts>((key, read) => {
    const place = placeOf(key);
    return parseEgressHosts(read(listener(place))?.hosts ?? ['*/*'], place.clientNamespace);
  });
  const egressOf = (read: Read, key: string) => read(scope(placeOf(key)))?.egress[placeOf(key).index];
  const services = engine.mapFamily((key) => engine.mapFrom((read) => egressOf(read, key)?.services ?? [], samePart));
  const virtualServices = engine.mapFamily((key) =>
    engine.mapFrom((read) => (egressOf(read, key)?.virtualServices ?? []).map((root) => [`${root.namespace}/${root.name}`, root] as const)),
  );
  const byHost = engine.mapFamily((key) => engine.index(virtualServices(key), (root) => root.hosts).groups);
  const withWildcards = engine.mapFamily((key) =>
    engine.mapValues(virtualServices(key), (root) => (root.hosts.some(isWildcard) ? root : undefined)),
  );
  const byTail = engine.family((key, read) => wildcardsByTail(read(withWildcards(key)).values()));
  const aboutHost = (kind: 'best' | 'all') =>
    engine.family<readonly ResolvedVirtualService[]>((key, read) => {
      const at = key.lastIndexOf('|');
      const [place, host] = [key.slice(0, at), key.slice(at + 1)];
      const { clientNamespace } = placeOf(place);
      const naming = [...(read(byHost(place).at(host))?.values() ?? [])];
      const covering = wildcardsFor(host, read(byTail(place)));
      if (kind === 'best') return rankVirtualServices(host, naming, covering, { namespace: clientNamespace });
      return virtualServicesForHost(host, [...new Set([...naming, ...covering])].sort(byVirtualServicePrecedence(clientNamespace)));
    }, sameElements);
  const [forHost, allForHost] = [aboutHost('best'), aboutHost('all')];
  return (place) => {
    const key = keyOf(place);
    return {
      listener: listener(place),
      hosts: hosts(key),
      services: services(key),
      virtualServices: virtualServices(key),
      forHost: (host) => forHost(`${key}|${host}`),
      allForHost: (host) => allForHost(`${key}|${host}`),
    };
  };
}

function keyOf({ sidecar, clientNamespace, index }: EgressPlace): string {
  return `${sidecar}|${clientNamespace}|${index}`;
}

function placeOf(key: string): EgressPlace {
  const [sidecar = '', clientNamespace = '', index = ''] = key.split('|');
  return { sidecar, clientNamespace, index: Number(index) };
}
