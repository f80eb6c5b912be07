import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import type { Service } from '../../model/service.ts';
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';
import type { ResolvedVirtualService } from '../routing/resolved-virtual-service.ts';
import type { MeshSettings } from '../settings.ts';

/**
 * Which facts about a proxy any configuration looks at. Scopes hold only these, so that workloads which differ in nothing
 * that matters share their views.
 */
export interface LabelInterest {
  /** Label keys, sorted. */
  readonly keys: Cell<readonly string[]>;
  /** Whether some service prefers or demands endpoints on the client's own node. */
  readonly nodeMatters: Cell<boolean>;
}

export interface LabelInterestInputs {
  readonly destinationRules: MapCell<ConfigObject<DestinationRule>>;
  readonly services: MapCell<Service>;
  readonly lookingAtSource: Cell<ReadonlyMap<string, ResolvedVirtualService>>;
  readonly settings: Cell<MeshSettings>;
}

export function labelInterest(engine: Engine, inputs: LabelInterestInputs): LabelInterest {
  const byKey = engine.index(inputs.destinationRules, labelKeysOfRule);
  const nodeLocal = engine.index(inputs.services, (service) => (wantsNode(service) ? [''] : []));
  const keys = engine.derived<readonly string[]>(
    (read) => {
      const found = new Set(read(byKey.groups).keys());
      for (const root of read(inputs.lookingAtSource).values()) for (const key of sourceLabelKeys(root)) found.add(key);
      for (const entry of read(inputs.settings).config.localityLbSetting?.failoverPriority ?? []) found.add(keyOf(entry));
      return [...found].sort();
    },
    (a, b) => a.length === b.length && a.every((key, index) => key === b[index]),
  );
  return { keys, nodeMatters: engine.derived((read) => read(nodeLocal.group('')).size > 0) };
}

/** The labels with these keys. */
export function projectLabels(labels: Labels, keys: readonly string[]): Labels {
  return Object.fromEntries(keys.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]])));
}

function wantsNode(service: Service): boolean {
  return service.internalTrafficPolicyLocal || service.trafficDistribution === 'PreferSameNode';
}

function labelKeysOfRule({ spec }: ConfigObject<DestinationRule>): readonly string[] {
  const policies = [spec.trafficPolicy, ...(spec.subsets ?? []).map((subset) => subset.trafficPolicy)];
  const priorities = policies.flatMap((policy) => [
    ...(policy?.loadBalancer?.localityLbSetting?.failoverPriority ?? []),
    ...(policy?.portLevelSettings ?? []).flatMap((level) => level.loadBalancer?.localityLbSetting?.failoverPriority ?? []),
  ]);
  return [...new Set([...Object.keys(spec.workloadSelector?.matchLabels ?? {}), ...priorities.map(keyOf)])];
}

function keyOf(entry: string): string {
  return entry.split('=')[0] ?? '';
}

function sourceLabelKeys(root: ResolvedVirtualService): readonly string[] {
  return [...root.http, ...root.tls, ...root.tcp].flatMap((rule) =>
    (rule.match ?? []).flatMap((match: { readonly sourceLabels?: Labels }) => Object.keys(match.sourceLabels ?? {})),
  );
}
