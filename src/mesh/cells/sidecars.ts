import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { type ConfigObject, compareText } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import { type Service, serviceKey } from '../../model/service.ts';
import type { IstioEgressListener, Sidecar } from '../../schema/sidecar/sidecar.ts';
import { byServiceAge } from '../pick-service.ts';
import type { MeshSettings } from '../settings.ts';
import { buildSidecarScope } from '../sidecar/build-sidecar-scope.ts';
import { importedNamespaces, parseEgressHosts } from '../sidecar/egress-hosts.ts';
import { seesWholeNamespace } from '../sidecar/sees-whole-namespace.ts';
import { inOrderOfExport } from '../sidecar/select-services.ts';
import { selectSidecar } from '../sidecar/select-sidecar.ts';
import type { SidecarScope } from '../sidecar/sidecar-scope.ts';
import { isVisibleTo } from '../visibility.ts';
import { type EgressImports, type EgressPlace, egressImports } from './egress-imports.ts';
import { samePart } from './same-part.ts';
import type { VirtualServices } from './virtual-services.ts';
import type { VisibleServices } from './visible-services.ts';

/** Which Sidecar object holds for a workload, and what it lets it see. */
export interface Sidecars {
  /** Key `namespace/name` of the object that holds for a workload; undefined: none does. To be read inside a computation. */
  readonly select: (read: Read, namespace: string, labels: Labels) => string | undefined;
  /** Whether outbound the Sidecar makes workloads of a namespace see anything else than those without one. */
  readonly changesOutbound: (key: string, clientNamespace: string) => Cell<boolean>;
  /**
   * Whether it has one egress listener and that is for every port: what it imports is then laid out as what a namespace without a
   * Sidecar sees.
   */
  readonly hasOneCatchAll: (key: string) => Cell<boolean>;
  /** What an egress listener imports. */
  readonly egress: (place: EgressPlace) => EgressImports;
  /** By hostname: what all egress listeners import and what their VirtualServices route to. */
  readonly imported: (key: string, clientNamespace: string) => MapCell<Service>;
  /** The scope of a Sidecar for workloads of a namespace as a whole, which changes with anything in it; undefined once the object is gone. */
  readonly scope: (key: string, clientNamespace: string) => Cell<SidecarScope | undefined>;
}

export interface SidecarInputs {
  readonly objects: MapCell<ConfigObject<Sidecar>>;
  readonly services: VisibleServices;
  readonly all: MapCell<Service>;
  readonly virtualServices: VirtualServices;
  readonly settings: Cell<MeshSettings>;
}

export function sidecars(engine: Engine, inputs: SidecarInputs): Sidecars {
  const { objects, services, virtualServices, settings } = inputs;
  const byNamespace = engine.index(objects, (object) => [object.namespace]);
  const scope = engine.family<SidecarScope | undefined>((key, read) => {
    const [objectKey = '', clientNamespace = ''] = key.split('|');
    const source = read(objects.at(objectKey));
    if (source === undefined) return undefined;
    const namespaces = namedNamespaces(source, clientNamespace);
    return buildSidecarScope({
      source,
      clientNamespace,
      candidates: inOrderOfExport(candidates(read, inputs, namespaces), clientNamespace),
      virtualServices: read(
        namespaces === undefined ? virtualServices.visibleTo(clientNamespace) : virtualServices.visibleFrom(clientNamespace, namespaces),
      ),
      // One of the own namespace is found whether or not it is exported to it.
      findService: (hostname) =>
        read(inputs.all.at(serviceKey({ namespace: clientNamespace, hostname }))) ??
        firstVisible(
          read(services.ofHost(hostname)).values(),
          clientNamespace,
          read(settings).flags.PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE ? byRegistryAndAge : byNamespaceName,
        ),
    });
  });
  const changesOutbound = engine.family<boolean>((key, read) => {
    const [objectKey = '', clientNamespace = ''] = key.split('|');
    const source = read(objects.at(objectKey));
    return source !== undefined && (!seesWholeNamespace(source.spec) || read(services.hiddenAtHome(clientNamespace)).size > 0);
  });
  const hasOneCatchAll = engine.family<boolean>((key, read) => {
    const { egress = [] } = read(objects.at(key))?.spec ?? {};
    return egress.length === 0 || (egress.length === 1 && egress.every(({ port, bind = '' }) => port === undefined && bind === ''));
  });
  const listener = engine.family<IstioEgressListener | undefined>((key, read) => {
    const at = key.indexOf('|');
    return read(objects.at(key.slice(0, at)))?.spec.egress?.[Number(key.slice(at + 1))];
  });
  const imported = engine.mapFamily((key) => engine.mapFrom((read) => read(scope(key))?.services ?? [], samePart));
  return {
    hasOneCatchAll,
    egress: egressImports(engine, {
      listener: ({ sidecar, index }) => listener(`${sidecar}|${index}`),
      scope: ({ sidecar, clientNamespace }) => scope(`${sidecar}|${clientNamespace}`),
    }),
    imported: (key, clientNamespace) => imported(`${key}|${clientNamespace}`),
    changesOutbound: (key, clientNamespace) => changesOutbound(`${key}|${clientNamespace}`),
    select: (read, namespace, labels) => {
      const { rootNamespace } = read(settings);
      const chosen = selectSidecar(read(byNamespace.group(namespace)).values(), read(byNamespace.group(rootNamespace)).values(), labels);
      return chosen && `${chosen.namespace}/${chosen.name}`;
    },
    scope: (key, clientNamespace) => scope(`${key}|${clientNamespace}`),
  };
}

/** Of the namespaces that have the hostname the first whose service is visible; siblings are not asked (Istio `pickBestVisibleNamespace`). */
function firstVisible(services: Iterable<Service>, clientNamespace: string, order: typeof byServiceAge): Service | undefined {
  return [...services].filter(({ exportTo, namespace }) => isVisibleTo(exportTo, namespace, clientNamespace)).sort(order)[0];
}

/** PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE=false (Istio `pickFirstVisibleNamespace`). */
function byNamespaceName(a: Service, b: Service): number {
  return compareText(a.namespace, b.namespace);
}

function byRegistryAndAge(a: Service, b: Service): number {
  const rank = ({ provider }: Service) => (provider === 'Kubernetes' ? 0 : 1);
  return rank(a) - rank(b) || byServiceAge(a, b);
}

/** The namespaces that the egress hosts name, sorted: nothing of others can be imported. Undefined: of any. */
function namedNamespaces(source: ConfigObject<Sidecar>, clientNamespace: string): readonly string[] | undefined {
  const listeners = source.spec.egress ?? [];
  const named = listeners.map((listener) => importedNamespaces(parseEgressHosts(listener.hosts, clientNamespace)));
  if (listeners.length === 0 || named.includes(undefined)) return undefined;
  return [...new Set(named.flatMap((names) => names ?? []))].sort();
}

function candidates(read: Read, inputs: SidecarInputs, namespaces: readonly string[] | undefined): readonly Service[] {
  if (namespaces === undefined) return [...read(inputs.all).values()];
  return namespaces.flatMap((namespace) => [...read(inputs.services.ofNamespace(namespace)).values()]);
}
