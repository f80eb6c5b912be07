import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { type ConfigObject, compareText } from '../../model/config-object.ts';
import { isWildcard } from '../../model/hostname.ts';
import type { Service } from '../../model/service.ts';
import type { IstioEgressListener, Sidecar } from '../../schema/sidecar/sidecar.ts';
import { virtualServicesForHost } from '../routing/l4-route.ts';
import { byVirtualServicePrecedence, rankVirtualServices, virtualServicesOfGateway } from '../routing/pick-virtual-service.ts';
import { meshGateway, type ResolvedVirtualService } from '../routing/resolved-virtual-service.ts';
import { wildcardsByTail, wildcardsFor } from '../routing/wildcard-hosts.ts';
import { type EgressHosts, importedNamespaces, parseEgressHosts } from '../sidecar/egress-hosts.ts';
import { importedByListener, importsVirtualService } from '../sidecar/imported-service.ts';
import { sameElements } from './same-elements.ts';
import { samePart } from './same-part.ts';
import type { VirtualServices } from './virtual-services.ts';
import type { VisibleServices } from './visible-services.ts';

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

/** The places of a Sidecar's listeners, in order; the one that every Sidecar without `egress` has is the first. */
export function egressPlaces(object: ConfigObject<Sidecar> | undefined, sidecar: string, clientNamespace: string): readonly EgressPlace[] {
  const { egress = [] } = object?.spec ?? {};
  return (egress.length === 0 ? [0] : [...egress.keys()]).map((index) => ({ sidecar, clientNamespace, index }));
}

export interface EgressImportsInput {
  /** By `namespace/name` of the object. */
  readonly objects: MapCell<ConfigObject<Sidecar>>;
  readonly services: VisibleServices;
  readonly all: MapCell<Service>;
  readonly virtualServices: VirtualServices;
}

/** Stands for every namespace among those that a listener imports from. */
const everyNamespace = '';

export function egressImports(engine: Engine, inputs: EgressImportsInput): (place: EgressPlace) => EgressImports {
  const listenerOf = engine.family<IstioEgressListener | undefined>((key, read) => {
    const { sidecar, index } = egressPlace(key);
    return read(inputs.objects.at(sidecar))?.spec.egress?.[index];
  });
  const hosts = engine.family<EgressHosts>((key, read) =>
    parseEgressHosts(read(listenerOf(key))?.hosts ?? ['*/*'], egressPlace(key).clientNamespace),
  );
  // Nothing of other namespaces can be imported: changes there are not even looked at.
  const namespaces = engine.mapFamily((key) =>
    engine.mapFrom((read) => {
      const isGone = read(inputs.objects.at(egressPlace(key).sidecar)) === undefined;
      return isGone ? [] : (importedNamespaces(read(hosts(key))) ?? [everyNamespace]).map((name) => [name, name] as const);
    }),
  );
  const hostsOf = engine.mapFamily((namespace) =>
    namespace === everyNamespace
      ? engine.flatMap(inputs.all, ({ hostname }) => [[hostname, true as const]])
      : engine.mapFrom((read) =>
          [...read(inputs.services.ofNamespace(namespace)).values()].map(({ hostname }) => [hostname, true as const]),
        ),
  );
  const rootsOf = engine.mapFamily((namespace) =>
    namespace === everyNamespace
      ? inputs.virtualServices.ofMesh
      : engine.mapFrom((read) => read(inputs.virtualServices.ofNamespace(namespace))),
  );
  const services = engine.mapFamily((key) => {
    const { clientNamespace } = egressPlace(key);
    const candidates = engine.unionOf(namespaces(key), { mapOf: hostsOf, compare: compareText, merge: () => true as const });
    return engine.mapValues(
      candidates,
      (_true, hostname, read) => {
        const ofHost = read(inputs.services.ofHost(hostname)).values();
        return importedByListener({ listener: read(listenerOf(key)), hosts: read(hosts(key)), clientNamespace }, ofHost);
      },
      samePart,
    );
  });
  const virtualServices = engine.mapFamily((key) => {
    const { clientNamespace } = egressPlace(key);
    const candidates = engine.unionOf(namespaces(key), {
      mapOf: rootsOf,
      compare: compareText,
      merge: ([first]) => first?.value,
    });
    return engine.mapValues(candidates, (root, _key, read) => {
      const [usable] = virtualServicesOfGateway(meshGateway, [root], clientNamespace);
      return usable && importsVirtualService(read(hosts(key)), usable) ? usable : undefined;
    });
  });
  const byHost = engine.mapFamily((key) => engine.index(virtualServices(key), (root) => root.hosts).groups);
  const withWildcards = engine.mapFamily((key) =>
    engine.mapValues(virtualServices(key), (root) => (root.hosts.some(isWildcard) ? root : undefined)),
  );
  const byTail = engine.family((key, read) => wildcardsByTail(read(withWildcards(key)).values()));
  const aboutHost = (kind: 'best' | 'all') =>
    engine.family<readonly ResolvedVirtualService[]>((key, read) => {
      const at = key.lastIndexOf('|');
      const [place, host] = [key.slice(0, at), key.slice(at + 1)];
      const { clientNamespace } = egressPlace(place);
      const naming = [...(read(byHost(place).at(host))?.values() ?? [])];
      const covering = wildcardsFor(host, read(byTail(place)));
      if (kind === 'best') return rankVirtualServices(host, naming, covering, { namespace: clientNamespace });
      return virtualServicesForHost(host, [...new Set([...naming, ...covering])].sort(byVirtualServicePrecedence(clientNamespace)));
    }, sameElements);
  const [forHost, allForHost] = [aboutHost('best'), aboutHost('all')];
  return (place) => {
    const key = egressKey(place);
    return {
      listener: listenerOf(key),
      hosts: hosts(key),
      services: services(key),
      virtualServices: virtualServices(key),
      forHost: (host) => forHost(`${key}|${host}`),
      allForHost: (host) => allForHost(`${key}|${host}`),
    };
  };
}

/** The key of a place in families. */
export function egressKey({ sidecar, clientNamespace, index }: EgressPlace): string {
  return `${sidecar}|${clientNamespace}|${index}`;
}

export function egressPlace(key: string): EgressPlace {
  const [sidecar = '', clientNamespace = '', index = ''] = key.split('|');
  return { sidecar, clientNamespace, index: Number(index) };
}
