import type { FeatureFlags } from '../feature-flags.ts';
import { type EffectiveRule, mergeRules } from './effective-rule.ts';
import type { ResolvedRule } from './resolved-rule.ts';

/** The merged rules of one host in one namespace, once for each audience: what is merged depends on who may see it. */
export interface HostRules {
  readonly host: string;
  readonly namespace: string;
  /** For proxies of the same namespace: private and exported rules together. */
  readonly local: readonly EffectiveRule[];
  /** For everybody else; who exactly, says each rule's exportTo. */
  readonly exported: readonly EffectiveRule[];
  /** The private ones alone: all that proxies of the root namespace take as their own. */
  readonly privateOnly: readonly EffectiveRule[];
}

/** Merges all rules of one host in one namespace; they need not be sorted. */
export function hostRules(host: string, namespace: string, rules: readonly ResolvedRule[], flags: FeatureFlags): HostRules {
  const atHome = rules.filter((rule) => rule.isVisibleAtHome);
  const abroad = rules.filter((rule) => !rule.isPrivate);
  const exported = mergeRules(abroad, flags);
  // One value for both audiences where they see the same rules, so that clients of the own namespace differ from nobody.
  const local = atHome.length === rules.length && abroad.length === rules.length ? exported : mergeRules(atHome, flags);
  const privateOnly = mergeRules(
    rules.filter((rule) => rule.isPrivate),
    flags,
  );
  return { host, namespace, local, exported, privateOnly };
}
