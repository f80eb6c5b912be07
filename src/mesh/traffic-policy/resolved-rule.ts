import { type ConfigObject, compareText, refOf } from '../../model/config-object.ts';
import { resolveShortName } from '../../model/hostname.ts';
import type { Labels } from '../../model/labels.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';
import type { MeshSettings } from '../settings.ts';
import type { Subset, TrafficPolicy } from './traffic-policy.ts';

/** One DestinationRule with every name spelled out, not yet merged with its siblings of the same host. */
export interface ResolvedRule {
  readonly source: ObjectRef;
  /** Lower-case FQDN, or a wildcard. */
  readonly host: string;
  readonly namespace: string;
  /** As written, sorted, without duplicates; empty where the mesh default holds. `.` where it has a workloadSelector. */
  readonly exportTo: readonly string[];
  /** No other namespace than its own may see it. */
  readonly isPrivate: boolean;
  /** Proxies of its own namespace may see it. */
  readonly isVisibleAtHome: boolean;
  readonly trafficPolicy?: TrafficPolicy;
  readonly subsets: readonly Subset[];
  readonly workloadSelector?: Labels;
  /** Made out of a Gateway API backend policy: only fills what users' rules leave open. */
  readonly isSynthesized: boolean;
  readonly createdAt: number;
}

const parentsAnnotation = 'internal.istio.io/parents';

/**
 * Spells out one DestinationRule (Istio `setDestinationRules`): a host without a dot belongs to the rule's own namespace,
 * a rule with a workloadSelector is never exported, and an empty exportTo follows `defaultDestinationRuleExportTo`.
 */
export function resolveDestinationRule(object: ConfigObject<DestinationRule>, settings: MeshSettings): ResolvedRule {
  const { spec, namespace } = object;
  const selector = spec.workloadSelector === undefined ? undefined : (spec.workloadSelector.matchLabels ?? {});
  const exportTo = selector === undefined ? [...new Set(spec.exportTo ?? [])].sort(compareText) : ['.'];
  const own = new Set(['*', '.', namespace]);
  return {
    source: refOf(object),
    host: resolveShortName((spec.host ?? '').toLowerCase(), namespace, settings.domainSuffix),
    namespace,
    exportTo,
    isPrivate: isPrivate(exportTo, namespace, settings.config.defaultDestinationRuleExportTo ?? ['*']),
    isVisibleAtHome: exportTo.length === 0 || exportTo.some((target) => own.has(target)),
    ...(spec.trafficPolicy === undefined ? {} : { trafficPolicy: spec.trafficPolicy }),
    subsets: spec.subsets ?? [],
    ...(selector === undefined ? {} : { workloadSelector: selector }),
    isSynthesized: object.annotations[parentsAnnotation] !== undefined,
    createdAt: object.createdAt,
  };
}

/** The order in which rules of one host are merged: those with a workloadSelector first, then the oldest. */
export function bySelectorAndAge(a: ResolvedRule, b: ResolvedRule): number {
  if ((a.workloadSelector === undefined) !== (b.workloadSelector === undefined)) return a.workloadSelector ? -1 : 1;
  return a.createdAt - b.createdAt || compareText(a.source.name, b.source.name) || compareText(a.source.namespace, b.source.namespace);
}

function isPrivate(exportTo: readonly string[], namespace: string, meshDefault: readonly string[]): boolean {
  if (exportTo.length === 0) return meshDefault.includes('.');
  return exportTo.length === 1 && (exportTo[0] === '.' || exportTo[0] === namespace);
}
