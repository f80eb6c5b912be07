/** DestinationRules and mesh settings for tests, written as short as they can be. */
import type { ConfigObject } from '../../model/config-object.ts';
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import { defaultFeatureFlags, type FeatureFlags } from '../feature-flags.ts';
import type { MeshSettings } from '../settings.ts';
import { type EffectiveRule, mergeRules } from './effective-rule.ts';
import { resolveDestinationRule } from './resolved-rule.ts';

export function settingsOf(config: MeshConfig = {}, flags: Partial<FeatureFlags> = {}): MeshSettings {
  return {
    config: { connectTimeout: '10s', dnsRefreshRate: '60s', enableAutoMtls: true, localityLbSetting: { enabled: true }, ...config },
    flags: { ...defaultFeatureFlags, ...flags },
    domainSuffix: 'cluster.local',
    rootNamespace: 'istio-system',
    trustDomain: 'cluster.local',
  };
}

export function ruleObject(spec: Partial<DestinationRule>, over: Partial<ConfigObject> = {}): ConfigObject<DestinationRule> {
  return {
    kind: 'DestinationRule',
    apiVersion: 'networking.istio.io/v1',
    name: 'reviews',
    namespace: 'default',
    labels: {},
    annotations: {},
    createdAt: 0,
    ...over,
    spec: { host: 'reviews', ...spec },
  };
}

/** The rule that one DestinationRule comes to. */
export function ruleOf(spec: Partial<DestinationRule>): EffectiveRule {
  const settings = settingsOf();
  const [rule] = mergeRules([resolveDestinationRule(ruleObject(spec), settings)], settings.flags);
  if (rule === undefined) throw new Error('one rule merges into one');
  return rule;
}
