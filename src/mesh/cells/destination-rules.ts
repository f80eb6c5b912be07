import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import { isWildcard } from '../../model/hostname.ts';
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';
import type { MeshSettings } from '../settings.ts';
import type { EffectiveRule } from '../traffic-policy/effective-rule.ts';
import { type HostRules, hostRules } from '../traffic-policy/host-rules.ts';
import { rulesFor } from '../traffic-policy/pick-rule.ts';
import { type ResolvedRule, resolveDestinationRule } from '../traffic-policy/resolved-rule.ts';
import { sameElements } from './same-elements.ts';

/** Which DestinationRules hold for traffic of a namespace to a host. */
export interface DestinationRules {
  /** Client namespace empty: what holds for clients of every namespace that has no say of its own. */
  readonly rulesFor: (clientNamespace: string, serviceNamespace: string, hostname: string) => Cell<readonly EffectiveRule[]>;
  /** Hosts, exact or wildcards, of the rules that may hold for one namespace and not for everybody. */
  readonly specialHosts: (namespace: string) => Cell<readonly string[]>;
}

export function destinationRules(
  engine: Engine,
  objects: MapCell<ConfigObject<DestinationRule>>,
  settings: Cell<MeshSettings>,
): DestinationRules {
  const resolved = engine.mapValues(objects, (object, _key, read) => resolveDestinationRule(object, read(settings)));
  const byHost = engine.index(resolved, (rule) => [`${rule.namespace}/${rule.host}`]);
  const merged = engine.mapValues(byHost.groups, (group, key, read) => {
    const at = key.indexOf('/');
    return hostRules(key.slice(at + 1), key.slice(0, at), [...group.values()], read(settings).flags);
  });
  const wildcards = engine.index(merged, (rules) => (isWildcard(rules.host) ? [rules.namespace] : []));
  const byAudience = engine.index(resolved, audience);

  const candidates = (read: Read, namespace: string, hostname: string): readonly HostRules[] => {
    const exact = namespace === '' ? undefined : read(merged.at(`${namespace}/${hostname}`));
    const wild = namespace === '' ? [] : [...read(wildcards.group(namespace)).values()];
    return exact === undefined ? wild : [exact, ...wild];
  };
  const found = engine.family<readonly EffectiveRule[]>((key, read) => {
    const [clientNamespace = '', serviceNamespace = '', host = ''] = key.split('/');
    const { rootNamespace } = read(settings);
    return rulesFor({
      host,
      clientNamespace,
      rootNamespace,
      ofClientNamespace: candidates(read, clientNamespace, host),
      ofServiceNamespace: candidates(read, serviceNamespace, host),
      ofRootNamespace: candidates(read, rootNamespace, host),
    });
  }, sameElements);
  const specialHosts = engine.family<readonly string[]>(
    (namespace, read) => [...new Set([...read(byAudience.group(namespace)).values()].map((rule) => rule.host))],
    sameElements,
  );
  return {
    rulesFor: (clientNamespace, serviceNamespace, hostname) => found(`${clientNamespace}/${serviceNamespace}/${hostname}`),
    specialHosts,
  };
}

function audience(rule: ResolvedRule): readonly string[] {
  const named = rule.exportTo.filter((target) => target !== '*' && target !== '.' && target !== '~');
  return [...new Set([rule.namespace, ...named])];
}
