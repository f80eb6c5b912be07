import type { Labels } from '../../model/labels.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { FeatureFlags } from '../feature-flags.ts';
import { fillFromBackendPolicy } from './merge-traffic-policy.ts';
import { bySelectorAndAge, type ResolvedRule } from './resolved-rule.ts';
import type { Subset, TrafficPolicy } from './traffic-policy.ts';

/** A subset and the object that defines it. */
export interface EffectiveSubset {
  readonly subset: Subset;
  readonly source: ObjectRef;
}

/** What the DestinationRules of one host in one namespace come to. */
export interface EffectiveRule {
  readonly host: string;
  readonly namespace: string;
  /** As written by the oldest; empty: the mesh default, which is not private. */
  readonly exportTo: readonly string[];
  readonly trafficPolicy?: TrafficPolicy;
  /** The object whose trafficPolicy holds. */
  readonly policySource?: ObjectRef;
  readonly subsets: readonly EffectiveSubset[];
  /** All objects that went in; the first one names the rule in cluster metadata. */
  readonly sources: readonly [ObjectRef, ...ObjectRef[]];
  readonly workloadSelector?: Labels;
  readonly isSynthesized: boolean;
}

/**
 * Merges the rules of one host in one namespace (Istio `mergeDestinationRule`): in order of age, a rule is merged into
 * each earlier one with an equal exportTo or a part of its exportTo (any at all without
 * ENABLE_ENHANCED_DESTINATIONRULE_MERGE) and the same workloadSelector: subsets are concatenated, a duplicate subset is
 * dropped, the oldest trafficPolicy wins. Differs from Istio in one case: a rule without workloadSelector that was merged
 * into one with a selector still stands for itself, where istiod loses it for all other workloads.
 */
export function mergeRules(rules: readonly ResolvedRule[], flags: FeatureFlags): readonly EffectiveRule[] {
  let merged: readonly EffectiveRule[] = [];
  for (const rule of [...rules].sort(bySelectorAndAge)) {
    let standsAlone = true;
    merged = merged.map((existing) => {
      if (flags.ENABLE_ENHANCED_DESTINATIONRULE_MERGE && !mayMergeInto(existing.exportTo, rule.exportTo)) {
        standsAlone = true;
        return existing;
      }
      if (existing.workloadSelector && rule.workloadSelector && !sameLabels(existing.workloadSelector, rule.workloadSelector)) {
        standsAlone = true;
        return existing;
      }
      if ((existing.workloadSelector === undefined) === (rule.workloadSelector === undefined)) standsAlone = false;
      return mergeInto(existing, rule);
    });
    if (standsAlone) merged = [...merged, effective(rule)];
  }
  return merged;
}

function mayMergeInto(existing: readonly string[], incoming: readonly string[]): boolean {
  const isSuperset = existing.every((target) => incoming.includes(target));
  return isSuperset && (existing.length > 0 || incoming.length === 0);
}

function effective(rule: ResolvedRule): EffectiveRule {
  return {
    host: rule.host,
    namespace: rule.namespace,
    exportTo: rule.exportTo,
    ...(rule.trafficPolicy === undefined ? {} : { trafficPolicy: rule.trafficPolicy, policySource: rule.source }),
    subsets: rule.subsets.map((subset) => ({ subset, source: rule.source })),
    sources: [rule.source],
    ...(rule.workloadSelector === undefined ? {} : { workloadSelector: rule.workloadSelector }),
    isSynthesized: rule.isSynthesized,
  };
}

function mergeInto(existing: EffectiveRule, rule: ResolvedRule): EffectiveRule {
  const known = new Set(existing.subsets.map(({ subset }) => subset.name));
  const added = rule.subsets.filter((subset) => !known.has(subset.name)).map((subset) => ({ subset, source: rule.source }));
  const policy = mergedPolicy(existing, rule);
  return {
    ...existing,
    ...(policy === undefined ? {} : { trafficPolicy: policy, policySource: policySource(existing, rule) }),
    subsets: [...existing.subsets, ...added],
    sources: [...existing.sources, rule.source],
  };
}

function mergedPolicy(existing: EffectiveRule, rule: ResolvedRule): TrafficPolicy | undefined {
  if (existing.isSynthesized === rule.isSynthesized) return existing.trafficPolicy ?? rule.trafficPolicy;
  if (rule.isSynthesized) return fillFromBackendPolicy(existing.trafficPolicy, rule.trafficPolicy);
  return fillFromBackendPolicy(rule.trafficPolicy, existing.trafficPolicy);
}

/** A user's policy names itself even where a synthesised one came first. */
function policySource(existing: EffectiveRule, rule: ResolvedRule): ObjectRef {
  const userOverSynthesized = existing.isSynthesized && !rule.isSynthesized && rule.trafficPolicy !== undefined;
  return userOverSynthesized ? rule.source : (existing.policySource ?? rule.source);
}

function sameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
