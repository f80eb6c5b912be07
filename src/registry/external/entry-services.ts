import type { Cell, Index, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import { type Service, serviceKey } from '../../model/service.ts';
import type { ServiceEntry } from '../../schema/service-entry/service-entry.ts';
import type { MeshFacts } from '../mesh-facts.ts';
import { convertServiceEntry } from './convert-service-entry.ts';
import { entryVisibility } from './entry-visibility.ts';
import { compareEntryServices, type EntryService, mergeEntryServices } from './merge-entry-services.ts';

export interface EntryServiceSources {
  readonly engine: Engine;
  readonly clusterId: string;
  readonly serviceEntries: MapCell<ConfigObject<ServiceEntry>>;
  readonly namespaces: MapCell<ConfigObject>;
  readonly facts: Cell<MeshFacts>;
}

/** Every host of every ServiceEntry, by `namespace/host`. */
export function entryServices(sources: EntryServiceSources): Index<EntryService> {
  const { engine, clusterId, facts } = sources;
  const annotations = engine.mapValues(sources.namespaces, (namespace) => namespace.annotations, deepEqual);
  const visibilities = engine.mapValues(sources.namespaces, ({ labels }, _name, read) =>
    entryVisibility(read(facts).serviceEntryVisibility, labels),
  );
  const hosts = engine.flatMap(
    sources.serviceEntries,
    (object, key, read) => {
      const { defaultServiceExportTo, serviceEntryVisibility } = read(facts);
      const namespace = `/${object.namespace}`;
      // A namespace that nobody describes has no labels.
      const visibility = read(visibilities.at(namespace)) ?? entryVisibility(serviceEntryVisibility, {});
      const ofNamespace = read(annotations.at(namespace)) ?? {};
      const services = convertServiceEntry(object, ofNamespace, { clusterId, defaultServiceExportTo, visibility });
      return services.map((service) => [`${key}/${service.hostname}`, { service, object }] as const);
    },
    (a, b) => a.object === b.object && deepEqual(a.service, b.service),
  );
  return engine.index(hosts, ({ service }) => [serviceKey(service)]);
}

/** One service for each `namespace/host`, still without automatic addresses. */
export function mergedServices(engine: Engine, byHost: Index<EntryService>): MapCell<Service> {
  return engine.mapValues(byHost.groups, (members) => mergeEntryServices(oldestFirst(members)), deepEqual);
}

/** Members of a group that exists, so there is one. */
export function oldestFirst(members: ReadonlyMap<string, EntryService>): readonly [EntryService, ...EntryService[]] {
  const [first, ...others] = [...members.values()].sort(compareEntryServices);
  if (!first) throw new Error('a group without members');
  return [first, ...others];
}
