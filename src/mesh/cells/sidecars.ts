import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { type ConfigObject, compareText } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import { type Service, serviceKey } from '../../model/service.ts';
import type { Sidecar } from '../../schema/sidecar/sidecar.ts';
import { byServiceAge } from '../pick-service.ts';
import { byVirtualServicePrecedence } from '../routing/pick-virtual-service.ts';
import type { MeshSettings } from '../settings.ts';
import { areAllExact, parseEgressHosts } from '../sidecar/egress-hosts.ts';
import { seesWholeNamespace } from '../sidecar/sees-whole-namespace.ts';
import { byExport } from '../sidecar/select-services.ts';
import { selectSidecar } from '../sidecar/select-sidecar.ts';
import type { EgressScope, SidecarScope } from '../sidecar/sidecar-scope.ts';
import { isVisibleTo } from '../visibility.ts';
import { type EgressImports, type EgressPlace, egressImports, egressPlaces } from './egress-imports.ts';
import { sidecarImports } from './sidecar-imports.ts';
import type { VirtualServices } from './virtual-services.ts';
import type { VisibleServices } from './visible-services.ts';

/** Which Sidecar object holds for a workload, and what it lets it see. */
export interface Sidecars {
  /** Key `namespace/name` of the object that holds for a workload; undefined: none does. To be read inside a computation. */
  readonly select: (read: Read, namespace: string, labels: Labels) => string | undefined;
  /** Whether outbound the Sidecar makes workloads of a namespace see anything else than those without one. */
  readonly changesOutbound: (key: string, clientNamespace: string) => Cell<boolean>;
  /**
   * Whether what it imports is laid out, and ordered, as what a namespace without a Sidecar sees: it has one egress listener, and that
   * is for every port. Hosts that are all named in full are few, and have an order of their own.
   */
  readonly isLaidOutAsNamespace: (key: string) => Cell<boolean>;
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
  const { objects, services, settings } = inputs;
  const byNamespace = engine.index(objects, (object) => [object.namespace]);
  const egress = egressImports(engine, inputs);
  const imported = sidecarImports(engine, {
    objects,
    egress,
    // One of the own namespace is found whether or not it is exported to it.
    findService: (read, clientNamespace, hostname) =>
      read(inputs.all.at(serviceKey({ namespace: clientNamespace, hostname }))) ??
      firstVisible(
        read(services.ofHost(hostname)).values(),
        clientNamespace,
        read(settings).flags.PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE ? byRegistryAndAge : byNamespaceName,
      ),
  });
  const scope = engine.family<SidecarScope | undefined>((key, read) => {
    const [sidecar = '', clientNamespace = ''] = key.split('|');
    const source = read(objects.at(sidecar));
    if (source === undefined) return undefined;
    return {
      source,
      namespace: clientNamespace,
      egress: egressPlaces(source, sidecar, clientNamespace).map((place) => egressScope(read, egress(place), clientNamespace)),
      services: read(imported(sidecar, clientNamespace)),
    };
  });
  const changesOutbound = engine.family<boolean>((key, read) => {
    const [objectKey = '', clientNamespace = ''] = key.split('|');
    const source = read(objects.at(objectKey));
    return source !== undefined && (!seesWholeNamespace(source.spec) || read(services.hiddenAtHome(clientNamespace)).size > 0);
  });
  const isLaidOutAsNamespace = engine.family<boolean>((key, read) => {
    const object = read(objects.at(key));
    const [listener, ...others] = object?.spec.egress ?? [];
    if (object === undefined || listener === undefined) return true;
    const isForAll = listener.port === undefined && (listener.bind ?? '') === '';
    return others.length === 0 && isForAll && !areAllExact(parseEgressHosts(listener.hosts, object.namespace));
  });
  return {
    isLaidOutAsNamespace,
    egress,
    imported,
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

function egressScope(read: Read, imports: EgressImports, clientNamespace: string): EgressScope {
  const listener = read(imports.listener);
  const order = areAllExact(read(imports.hosts)) ? byServiceAge : byExport;
  return {
    ...(listener === undefined ? {} : { listener }),
    services: new Map([...read(imports.services)].sort(([, a], [, b]) => order(a, b))),
    virtualServices: [...read(imports.virtualServices).values()].sort(byVirtualServicePrecedence(clientNamespace)),
  };
}
