import { bySpecificity, isSubsetOf } from '../../model/hostname.ts';
import { type Labels, selects } from '../../model/labels.ts';
import type { EffectiveRule } from './effective-rule.ts';
import type { HostRules } from './host-rules.ts';

/** The candidates for one host: per namespace, the rules of the exact host and those of its wildcards, in any order. */
export interface RuleCandidates {
  /** Of the service; lower case, may be a wildcard itself. */
  readonly host: string;
  readonly clientNamespace: string;
  readonly rootNamespace: string;
  readonly ofClientNamespace: readonly HostRules[];
  readonly ofServiceNamespace: readonly HostRules[];
  readonly ofRootNamespace: readonly HostRules[];
}

/**
 * All rules that hold for a host in one namespace of clients (Istio `PushContext.destinationRule`): client namespace, then
 * exported ones of the service's namespace, then exported ones of the root namespace. The first step with a matching host
 * wins as a whole, and within it the most specific host. Clients in the root namespace take only its private rules in the
 * first step. More than one rule comes back where workloadSelectors or unequal exportTo keep them apart.
 */
export function rulesFor(candidates: RuleCandidates): readonly EffectiveRule[] {
  const { host, clientNamespace, rootNamespace } = candidates;
  const own = clientNamespace === rootNamespace ? 'privateOnly' : 'local';
  const local = mostSpecific(host, candidates.ofClientNamespace, own);
  if (local.length > 0) return local;
  for (const step of [candidates.ofServiceNamespace, candidates.ofRootNamespace]) {
    const exported = mostSpecific(host, step, 'exported').filter((rule) => isExportedTo(rule, clientNamespace));
    if (exported.length > 0) return exported;
  }
  return [];
}

/**
 * The one rule for a proxy (Istio `SidecarScope.DestinationRule`): outbound, a rule of its own namespace whose
 * workloadSelector selects it; else the last one without a selector.
 */
export function ruleForProxy(
  rules: readonly EffectiveRule[],
  direction: 'outbound' | 'inbound',
  proxy: { readonly namespace: string; readonly labels: Labels },
): EffectiveRule | undefined {
  let general: EffectiveRule | undefined;
  for (const rule of rules) {
    if (rule.workloadSelector === undefined) general = rule;
    else if (direction === 'outbound' && rule.namespace === proxy.namespace && selects(rule.workloadSelector, proxy.labels)) {
      return rule;
    }
  }
  return general;
}

/** `rulesFor` and `ruleForProxy` in one: the rule one proxy uses for traffic to a host. */
export function pickRule(candidates: RuleCandidates, labels: Labels): EffectiveRule | undefined {
  return ruleForProxy(rulesFor(candidates), 'outbound', { namespace: candidates.clientNamespace, labels });
}

function mostSpecific(
  host: string,
  candidates: readonly HostRules[],
  audience: 'local' | 'exported' | 'privateOnly',
): readonly EffectiveRule[] {
  let best: HostRules | undefined;
  for (const candidate of candidates) {
    if (candidate[audience].length === 0 || !isSubsetOf(host, candidate.host)) continue;
    if (best === undefined || bySpecificity(candidate.host, best.host) < 0) best = candidate;
  }
  return best?.[audience] ?? [];
}

function isExportedTo(rule: EffectiveRule, namespace: string): boolean {
  return rule.exportTo.length === 0 || rule.exportTo.includes('*') || rule.exportTo.includes(namespace);
}
