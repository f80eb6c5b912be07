import { describe, expect, it } from 'vitest';
import type { ConfigObject } from '../../model/config-object.ts';
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';
import { mergeRules } from './effective-rule.ts';
import { resolveDestinationRule } from './resolved-rule.ts';
import { ruleObject, settingsOf } from './rule-fixture.ts';

const merge = (objects: readonly ConfigObject<DestinationRule>[], flags = {}) => {
  const settings = settingsOf({}, flags);
  return mergeRules(
    objects.map((object) => resolveDestinationRule(object, settings)),
    settings.flags,
  );
};
const old = (spec: Partial<DestinationRule>, over = {}) => ruleObject(spec, { name: 'old', createdAt: 1, ...over });
const young = (spec: Partial<DestinationRule>, over = {}) => ruleObject(spec, { name: 'young', createdAt: 2, ...over });
const names = (rules: ReturnType<typeof merge>) => rules.map((rule) => rule.sources.map((source) => source.name).join('+'));

describe('rules of one host in one namespace', () => {
  it('takes the policy of the oldest and the subsets of both, the first of each name', () => {
    const random = { loadBalancer: { simple: 'RANDOM' } } as const;
    const [rule, ...others] = merge([
      young({
        trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } },
        subsets: [{ name: 'v1', labels: { a: 'late' } }, { name: 'v2' }],
      }),
      old({ trafficPolicy: random, subsets: [{ name: 'v1', labels: { a: 'early' } }] }),
    ]);
    expect(others).toEqual([]);
    expect(rule?.trafficPolicy).toEqual(random);
    expect(rule?.policySource?.name).toBe('old');
    expect(rule?.subsets.map(({ subset, source }) => [subset.name, subset.labels, source.name])).toEqual([
      ['v1', { a: 'early' }, 'old'],
      ['v2', undefined, 'young'],
    ]);
    expect(rule?.sources.map((source) => source.name)).toEqual(['old', 'young']);
  });

  it('takes a policy from the younger where the oldest has none, and says whose it is', () => {
    const [rule] = merge([old({}), young({ trafficPolicy: { tls: { mode: 'DISABLE' } } })]);
    expect(rule?.trafficPolicy).toEqual({ tls: { mode: 'DISABLE' } });
    expect(rule?.policySource?.name).toBe('young');
  });

  it.each([
    { first: ['*'], second: ['*'], merged: ['old+young'] },
    { first: ['.'], second: ['.', 'other'], merged: ['old+young'] },
    { first: ['.', 'other'], second: ['.'], merged: ['old', 'young'] },
    { first: undefined, second: ['*'], merged: ['old', 'young'] },
    { first: undefined, second: undefined, merged: ['old+young'] },
  ])('exported to $first, then to $second', ({ first, second, merged }) => {
    const rules = [old(first ? { exportTo: first } : {}), young(second ? { exportTo: second } : {})];
    expect(names(merge(rules))).toEqual(merged);
    expect(names(merge(rules, { ENABLE_ENHANCED_DESTINATIONRULE_MERGE: false }))).toEqual(['old+young']);
  });

  it('keeps rules for selected workloads in front, merged only with those of the same selector', () => {
    const web = { workloadSelector: { matchLabels: { app: 'web' } } };
    const rules = merge([
      old({}),
      young(web),
      ruleObject(web, { name: 'youngest', createdAt: 3 }),
      ruleObject({ workloadSelector: { matchLabels: { app: 'db' } } }, { name: 'db', createdAt: 4 }),
    ]);
    expect(names(rules)).toEqual(['young+youngest', 'db', 'old']);
  });

  it('keeps the rule of all other workloads where it was merged into one for selected workloads', () => {
    const selected = old({ workloadSelector: { matchLabels: { app: 'web' } } });
    expect(names(merge([selected, young({ exportTo: ['.'] })]))).toEqual(['old+young', 'young']);
  });

  it('lets a synthesised rule fill gaps only, even where it is older', () => {
    const synthesised = { annotations: { 'internal.istio.io/parents': 'BackendTLSPolicy/a.b' } };
    const [rule] = merge([
      old({ trafficPolicy: { tls: { mode: 'SIMPLE' }, connectionPool: { tcp: { maxConnections: 1 } } } }, synthesised),
      young({ trafficPolicy: { connectionPool: { tcp: { maxConnections: 2 } } } }),
    ]);
    expect(rule?.trafficPolicy).toEqual({ tls: { mode: 'SIMPLE' }, connectionPool: { tcp: { maxConnections: 2 } } });
    expect(rule?.policySource?.name).toBe('young');
  });
});
