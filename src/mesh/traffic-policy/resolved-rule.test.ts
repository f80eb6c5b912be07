import { expect, it } from 'vitest';
import { resolveDestinationRule } from './resolved-rule.ts';
import { ruleObject, settingsOf } from './rule-fixture.ts';

const resolve = (spec: Parameters<typeof ruleObject>[0], config = {}) =>
  resolveDestinationRule(ruleObject(spec, { namespace: 'shop' }), settingsOf(config));

it.each([
  ['reviews', 'reviews.shop.svc.cluster.local'],
  ['Reviews.Other.svc.cluster.local', 'reviews.other.svc.cluster.local'],
  ['*.example.com', '*.example.com'],
])('host %s stands for %s', (host, fqdn) => {
  expect(resolve({ host }).host).toBe(fqdn);
});

it.each([
  { exportTo: undefined, meshDefault: undefined, isPrivate: false, isVisibleAtHome: true },
  { exportTo: undefined, meshDefault: ['.'], isPrivate: true, isVisibleAtHome: true },
  { exportTo: ['.'], meshDefault: undefined, isPrivate: true, isVisibleAtHome: true },
  { exportTo: ['shop'], meshDefault: undefined, isPrivate: true, isVisibleAtHome: true },
  { exportTo: ['other'], meshDefault: undefined, isPrivate: false, isVisibleAtHome: false },
  { exportTo: ['other', '.'], meshDefault: ['.'], isPrivate: false, isVisibleAtHome: true },
])('exportTo $exportTo with mesh default $meshDefault', ({ exportTo, meshDefault, isPrivate, isVisibleAtHome }) => {
  const rule = resolve(exportTo ? { exportTo } : {}, meshDefault ? { defaultDestinationRuleExportTo: meshDefault } : {});
  expect(rule).toMatchObject({ isPrivate, isVisibleAtHome });
});

it('never exports a rule for selected workloads, whatever it says', () => {
  const rule = resolve({ exportTo: ['*'], workloadSelector: { matchLabels: { app: 'web' } } });
  expect(rule).toMatchObject({ exportTo: ['.'], isPrivate: true, isVisibleAtHome: true, workloadSelector: { app: 'web' } });
});
