import type { Index, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import type { MergeRule } from './merge-rules.ts';

/** Which hosts a service stands for beside its own, by its key. */
export type HostAliases = (key: string, read: Read) => readonly string[];

/** Out of rules by the host that others join, those that a service joins. */
export function hostAliases(engine: Engine, rules: MapCell<MergeRule>): HostAliases {
  const joining: Index<MergeRule> = engine.index(rules, (rule) => rule.with);
  return (key, read) => [...read(joining.group(key)).keys()];
}

/** The services of a registry, each under its own name and under every host that it joins. A name of its own wins. */
export function aliasServices(engine: Engine, services: MapCell<Service>, aliases: HostAliases): MapCell<Service> {
  const joined = engine.flatMap(
    services,
    (service, key, read) => aliases(key, read).map((alias) => [alias, { ...service, ...nameOf(alias) }] as const),
    deepEqual,
  );
  return engine.overlay([services, joined]);
}

export function aliasEndpoints(
  engine: Engine,
  endpoints: MapCell<readonly Endpoint[]>,
  aliases: HostAliases,
): MapCell<readonly Endpoint[]> {
  const joined = engine.flatMap(endpoints, (list, key, read) => aliases(key, read).map((alias) => [alias, list] as const));
  return engine.overlay([endpoints, joined]);
}

function nameOf(key: string): Pick<Service, 'namespace' | 'hostname'> {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), hostname: key.slice(slash + 1) };
}
