import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import { type Service, withSiblings } from '../../model/service.ts';
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';
import type { ResolvedVirtualService } from '../routing/resolved-virtual-service.ts';
import type { MeshSettings } from '../settings.ts';
import type { LoadBalancer } from '../traffic-policy/traffic-policy.ts';

/**
 * Which facts about a proxy any configuration looks at. Scopes hold only these, so that workloads which differ in nothing
 * that matters share their views.
 */
export interface LabelInterest {
  /** Label keys, sorted. */
  readonly keys: Cell<readonly string[]>;
  /** Keys of the labels that priorities between endpoints (`failoverPriority`) compare, sorted. */
  readonly priorityKeys: Cell<readonly string[]>;
  /** Whether some service or priority prefers or demands endpoints on the client's own node. */
  readonly nodeMatters: Cell<boolean>;
}

export interface LabelInterestInputs {
  readonly destinationRules: MapCell<ConfigObject<DestinationRule>>;
  readonly services: MapCell<Service>;
  readonly lookingAtSource: Cell<ReadonlyMap<string, ResolvedVirtualService>>;
  readonly settings: Cell<MeshSettings>;
}

export function labelInterest(engine: Engine, inputs: LabelInterestInputs): LabelInterest {
  const byKey = engine.index(inputs.destinationRules, selectorKeys);
  const byPriority = engine.index(inputs.destinationRules, prioritiesOfRule);
  const nodeLocal = engine.index(inputs.services, (service) => (withSiblings(service).some(wantsNode) ? [''] : []));
  const keys = engine.derived<readonly string[]>((read) => {
    const found = new Set(read(byKey.groups).keys());
    for (const root of read(inputs.lookingAtSource).values()) for (const key of sourceLabelKeys(root)) found.add(key);
    return [...found].sort();
  }, sameKeys);
  const priorityKeys = engine.derived<readonly string[]>((read) => {
    const { localityLbSetting, zoneAwareLbSetting } = read(inputs.settings).config;
    const ofMesh = prioritiesOf({ ...(localityLbSetting && { localityLbSetting }), ...(zoneAwareLbSetting && { zoneAwareLbSetting }) });
    return [...new Set([...read(byPriority.groups).keys(), ...ofMesh])].sort();
  }, sameKeys);
  const nodeMatters = engine.derived((read) => read(nodeLocal.group('')).size > 0 || read(priorityKeys).includes(hostnameLabel));
  return { keys, priorityKeys, nodeMatters };
}

const hostnameLabel = 'kubernetes.io/hostname';

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}

/** The labels with these keys. */
export function projectLabels(labels: Labels, keys: readonly string[]): Labels {
  return Object.fromEntries(keys.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]])));
}

function wantsNode(service: Service): boolean {
  return service.internalTrafficPolicyLocal || service.trafficDistribution === 'PreferSameNode';
}

function selectorKeys({ spec }: ConfigObject<DestinationRule>): readonly string[] {
  return Object.keys(spec.workloadSelector?.matchLabels ?? {});
}

function prioritiesOfRule({ spec }: ConfigObject<DestinationRule>): readonly string[] {
  const policies = [spec.trafficPolicy, ...(spec.subsets ?? []).map((subset) => subset.trafficPolicy)];
  return policies.flatMap((policy) => [
    ...prioritiesOf(policy?.loadBalancer),
    ...(policy?.portLevelSettings ?? []).flatMap((level) => prioritiesOf(level.loadBalancer)),
  ]);
}

function prioritiesOf(balancer: Pick<LoadBalancer, 'localityLbSetting' | 'zoneAwareLbSetting'> | undefined): readonly string[] {
  const { localityLbSetting, zoneAwareLbSetting } = balancer ?? {};
  return [...(localityLbSetting?.failoverPriority ?? []), ...(zoneAwareLbSetting?.failoverPriority ?? [])].map(keyOf);
}

function keyOf(entry: string): string {
  return entry.split('=')[0] ?? '';
}

function sourceLabelKeys(root: ResolvedVirtualService): readonly string[] {
  return [...root.http, ...root.tls, ...root.tcp].flatMap((rule) =>
    (rule.match ?? []).flatMap((match: { readonly sourceLabels?: Labels }) => Object.keys(match.sourceLabels ?? {})),
  );
}
