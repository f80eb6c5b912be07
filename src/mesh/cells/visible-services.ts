import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { compareText } from '../../model/config-object.ts';
import { type Service, withSiblings } from '../../model/service.ts';
import { pickService, pickServiceForGateway } from '../pick-service.ts';
import { isPublic, isVisibleTo, namespacesSeeing } from '../visibility.ts';
import { sameElements } from './same-elements.ts';

/** Which service a hostname means to the proxies of a namespace. */
export interface SeenServices {
  /** By hostname: the services that a namespace sees instead of, or beside, those of `everywhere`. */
  readonly onlyIn: (namespace: string) => MapCell<Service>;
  /** The service a hostname means in a namespace; namespace empty: everywhere. */
  readonly find: (namespace: string, hostname: string) => Cell<Service | undefined>;
}

/**
 * Which service a hostname means. What is public is held once for the whole mesh; a namespace adds only the hostnames
 * which it sees differently, so that a thousand namespaces cost what they differ, not what exists.
 */
export interface VisibleServices extends SeenServices {
  /** By hostname: what everybody sees. */
  readonly everywhere: MapCell<Service>;
  readonly toGateways: SeenServices;
  /** Services by `namespace/hostname`: of one namespace, or of all. */
  readonly ofNamespace: (namespace: string) => Cell<ReadonlyMap<string, Service>>;
  /** Services that their own namespace does not see, by `namespace/hostname`; routes of that namespace lead to them all the same. */
  readonly hiddenAtHome: (namespace: string) => Cell<ReadonlyMap<string, Service>>;
  /**
   * ExternalName services that stand for a hostname, also by way of others, by namespace and hostname. To whom they are exported is
   * not asked (Istio `resolveServiceAliases`).
   */
  readonly aliasesOf: (hostname: string) => Cell<readonly Service[]>;
  /** Hosts of `everywhere` under a namespace's DNS names: `web.shop.svc.cluster.local` is under `shop`. */
  readonly underDnsNamespace: (namespace: string) => Cell<ReadonlyMap<string, Service>>;
  /** Hosts of `everywhere` that a wildcard may cover; of one that begins with `*.` no others. */
  readonly covered: (wildcard: string) => Cell<ReadonlyMap<string, Service>>;
  /** All services that a hostname has, by key, whoever may see them. */
  readonly ofHost: (hostname: string) => Cell<ReadonlyMap<string, Service>>;
  /** By hostname of ExternalName services: the hostnames that they stand for, whoever may see them. */
  readonly aliasTargets: Cell<ReadonlyMap<string, readonly string[]>>;
}

export function visibleServices(engine: Engine, services: MapCell<Service>): VisibleServices {
  const byHost = engine.index(services, (service) => [service.hostname]);
  const byOwner = engine.index(services, (service) => [service.namespace]);
  // Of a public service that has its hostname to itself all namespaces think alike: they need not look at it one by one.
  const contested = engine.mapValues(services, (service, _key, read) =>
    isPublic(service.exportTo) && service.siblings === undefined && read(byHost.group(service.hostname)).size === 1 ? undefined : service,
  );
  const byAudience = engine.index(contested, (service) => {
    const seeing = withSiblings(service).flatMap(({ exportTo, namespace }) => namespacesSeeing(exportTo, namespace));
    return [...new Set([service.namespace, ...seeing])];
  });
  const hidden = engine.index(services, ({ exportTo, namespace }) => (isVisibleTo(exportTo, namespace, namespace) ? [] : [namespace]));
  const everywhere = engine.mapValues(byHost.groups, (group) => pickService(group.values(), ''));
  const seenBy = (pick: typeof pickService): SeenServices => {
    const find = engine.family<Service | undefined>((key, read) => {
      const at = key.indexOf('/');
      return pick(read(byHost.group(key.slice(at + 1))).values(), key.slice(0, at));
    });
    const onlyIn = engine.mapFamily((namespace) =>
      engine.mapFrom((read) => {
        const differing = new Map<string, Service>();
        for (const { hostname } of read(byAudience.group(namespace)).values()) {
          const picked = pick(read(byHost.group(hostname)).values(), namespace);
          if (picked !== undefined && picked !== read(everywhere.at(hostname))) differing.set(hostname, picked);
        }
        return differing;
      }),
    );
    return { onlyIn, find: (namespace, hostname) => (namespace === '' ? everywhere.at(hostname) : find(`${namespace}/${hostname}`)) };
  };
  const aliases = engine.index(services, (service) =>
    service.resolution === 'Alias' && service.externalName !== undefined ? [service.externalName.toLowerCase()] : [],
  );
  const aliasesOf = engine.family<readonly Service[]>((hostname, read) => {
    const found = new Map<string, Service>();
    const hosts = new Set([hostname]);
    for (const host of hosts) {
      for (const [key, alias] of read(aliases.group(host))) {
        found.set(key, alias);
        hosts.add(alias.hostname);
      }
    }
    return [...found.values()].sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.hostname, b.hostname));
  }, sameElements);
  const allAliases = engine.index(services, ({ resolution }) => (resolution === 'Alias' ? [''] : [])).group('');
  const aliasTargets = engine.derived<ReadonlyMap<string, readonly string[]>>((read) => {
    const targets = new Map<string, readonly string[]>();
    for (const { hostname, externalName } of read(allAliases).values()) {
      if (externalName !== undefined) targets.set(hostname, [...(targets.get(hostname) ?? []), externalName.toLowerCase()]);
    }
    return targets;
  });
  const byDnsNamespace = engine.index(everywhere, (service) => {
    const [, namespace, svc] = service.hostname.split('.');
    return namespace !== undefined && svc === 'svc' ? [namespace] : [];
  });
  const byTail = engine.index(everywhere, (service) => tailsOf(service.hostname));
  return {
    ...seenBy(pickService),
    toGateways: seenBy(pickServiceForGateway),
    everywhere,
    aliasesOf,
    hiddenAtHome: hidden.group,
    underDnsNamespace: byDnsNamespace.group,
    covered: (wildcard) => (wildcard.startsWith('*.') ? byTail.group(wildcard.slice(1)) : everywhere),
    ofNamespace: byOwner.group,
    ofHost: byHost.group,
    aliasTargets,
  };
}

function tailsOf(hostname: string): readonly string[] {
  const tails: string[] = [];
  for (let dot = hostname.indexOf('.'); dot >= 0; dot = hostname.indexOf('.', dot + 1)) tails.push(hostname.slice(dot));
  return tails;
}
