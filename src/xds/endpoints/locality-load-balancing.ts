import type { LocalitySettings } from '../../mesh/traffic-policy/locality-settings.ts';
import type { LocalityLbSetting, ZoneAwareLbSetting } from '../../mesh/traffic-policy/traffic-policy.ts';
import { compareText } from '../../model/config-object.ts';
import { parseLocality } from '../../model/locality.ts';
import { applyFailoverPriority } from './failover-priority.ts';
import { compactPriorities, type LocalityGroup, type Topology } from './locality-groups.ts';

/**
 * Gives localities weights or priorities as seen from one proxy. `distribute` excludes failover; failover needs outlier
 * detection (`canFailOver`) or a setting that forces it, as Envoy would never leave the first priority otherwise.
 */
export function applyLocalitySettings(
  groups: readonly LocalityGroup[],
  settings: LocalitySettings | undefined,
  proxy: Topology,
  canFailOver: boolean,
): readonly LocalityGroup[] {
  if (settings === undefined) return groups;
  if (settings.kind === 'zoneAware') return settings.isEnabled ? applyZoneAware(groups, settings.setting, proxy) : groups;
  const { distribute = [], failover = [], failoverPriority = [] } = settings.setting;
  if (distribute.length > 0) return applyDistribute(groups, distribute, proxy.locality);
  if (!canFailOver && !settings.forcesFailover) return groups;
  if (failoverPriority.length === 0) return applyLocalityFailover(groups, failover, proxy.locality);
  const prioritised = applyFailoverPriority(groups, proxy, failoverPriority);
  return failover.length === 0 ? prioritised : applyLocalityFailover(prioritised, failover, proxy.locality);
}

/** Same subzone 0, same zone 1, same region 2, elsewhere 3; behind those, regions that an explicit `failover` passes over. */
function applyLocalityFailover(
  groups: readonly LocalityGroup[],
  failover: NonNullable<LocalityLbSetting['failover']>,
  proxyLocality: string,
): readonly LocalityGroup[] {
  const proxyRegion = parseLocality(proxyLocality).region;
  const target = failover.find((entry) => (entry.from ?? '') === proxyRegion);
  return compactPriorities(
    groups.map((group) => {
      let step: number = distance(proxyLocality, group.locality);
      if (step === 3 && target !== undefined && parseLocality(group.locality).region !== (target.to ?? '')) step = 4;
      return { ...group, priority: group.priority * 5 + step };
    }),
  );
}

/** Keeps the proxy's region together, so that Envoy balances its zones; failover regions next, the others last. */
function applyZoneAware(groups: readonly LocalityGroup[], setting: ZoneAwareLbSetting, proxy: Topology): readonly LocalityGroup[] {
  const failoverPriority = setting.failoverPriority ?? [];
  const prioritised = failoverPriority.length === 0 ? groups : applyFailoverPriority(groups, proxy, failoverPriority);
  const proxyRegion = parseLocality(proxy.locality).region;
  const target = setting.failover?.find((entry) => (entry.from ?? '') === proxyRegion)?.to;
  return compactPriorities(
    prioritised.map((group) => {
      const { region } = parseLocality(group.locality);
      const step = region === proxyRegion ? 0 : region === target ? 1 : 2;
      return { ...group, priority: group.priority * 3 + step };
    }),
  );
}

/**
 * Weights of localities by the first entry whose `from` matches the proxy. A share that several localities match is
 * divided by their weights; localities that no share names keep no endpoints.
 */
function applyDistribute(
  groups: readonly LocalityGroup[],
  distribute: NonNullable<LocalityLbSetting['distribute']>,
  proxyLocality: string,
): readonly LocalityGroup[] {
  const entry = distribute.find((candidate) => matchesLocality(proxyLocality, candidate.from ?? ''));
  if (entry === undefined) return groups;
  const shares = Object.entries(entry.to ?? {}).sort(([a], [b]) => compareText(a, b));
  const shareOf = groups.map((group) => shares.find(([pattern]) => matchesLocality(group.locality, pattern)));
  return groups.map((group, index) => {
    const share = shareOf[index];
    if (share === undefined) return { ...group, members: [] };
    const total = groups.reduce((sum, other, at) => sum + (shareOf[at] === share ? (other.weight ?? 1) : 0), 0);
    const weight = Math.ceil(((group.weight ?? 1) * share[1]) / total);
    return weight > 0 ? { ...group, weight } : group;
  });
}

function distance(a: string, b: string): 0 | 1 | 2 | 3 {
  const from = parseLocality(a);
  const to = parseLocality(b);
  if (from.region !== to.region) return 3;
  if (from.zone !== to.zone) return 2;
  return from.subZone === to.subZone ? 0 : 1;
}

/** Each part of the pattern is a name or `*`; a missing zone or subzone matches all. */
function matchesLocality(locality: string, pattern: string): boolean {
  const place = parseLocality(locality);
  const rule = parseLocality(pattern);
  const zoneMatches = rule.zone === '' || rule.zone === '*' || rule.zone === place.zone;
  const subZoneMatches = rule.subZone === '' || rule.subZone === '*' || rule.subZone === place.subZone;
  return (rule.region === '*' || rule.region === place.region) && zoneMatches && subZoneMatches;
}
