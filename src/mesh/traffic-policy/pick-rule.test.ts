import { describe, expect, it } from 'vitest';
import type { Labels } from '../../model/labels.ts';
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';
import { hostRules } from './host-rules.ts';
import { pickRule, ruleForProxy } from './pick-rule.ts';
import { resolveDestinationRule } from './resolved-rule.ts';
import { ruleObject, settingsOf } from './rule-fixture.ts';

const host = 'reviews.backend.svc.cluster.local';
const settings = settingsOf();

interface Rule {
  readonly namespace: string;
  readonly name: string;
  readonly spec?: Partial<DestinationRule>;
}

/** All rules of a namespace, grouped by host, as the wiring hands them over. */
function ofNamespace(rules: readonly Rule[], namespace: string) {
  const resolved = rules
    .filter((rule) => rule.namespace === namespace)
    .map(({ name, spec }) => resolveDestinationRule(ruleObject({ host, ...spec }, { name, namespace }), settings));
  return [...new Set(resolved.map((rule) => rule.host))].map((one) =>
    hostRules(
      one,
      namespace,
      resolved.filter((rule) => rule.host === one),
      settings.flags,
    ),
  );
}

function pick(rules: readonly Rule[], clientNamespace = 'client', labels: Labels = {}, service = host) {
  const rule = pickRule(
    {
      host: service,
      clientNamespace,
      rootNamespace: 'istio-system',
      ofClientNamespace: ofNamespace(rules, clientNamespace),
      ofServiceNamespace: ofNamespace(rules, 'backend'),
      ofRootNamespace: ofNamespace(rules, 'istio-system'),
    },
    labels,
  );
  return rule?.sources[0].name;
}

describe('the rule of one client', () => {
  const mine = { namespace: 'client', name: 'mine', spec: { exportTo: ['.'] } };
  const theirs = { namespace: 'backend', name: 'theirs' };
  const root = { namespace: 'istio-system', name: 'root' };

  it("is its own namespace's, else the service's, else the root namespace's", () => {
    expect(pick([mine, theirs, root])).toBe('mine');
    expect(pick([theirs, root])).toBe('theirs');
    expect(pick([root])).toBe('root');
    expect(pick([])).toBeUndefined();
  });

  it('stops at the first namespace that has any matching host, however general', () => {
    expect(pick([{ ...mine, spec: { host: '*.cluster.local' } }, theirs])).toBe('mine');
  });

  it('prefers the most specific host within one namespace', () => {
    const general = { namespace: 'client', name: 'general', spec: { host: '*.cluster.local' } };
    const narrower = { namespace: 'client', name: 'narrower', spec: { host: '*.backend.svc.cluster.local' } };
    expect(pick([general, narrower])).toBe('narrower');
    expect(pick([general, narrower, mine])).toBe('mine');
    expect(pick([general, { ...narrower, spec: { host: '*.other.svc.cluster.local' } }])).toBe('general');
  });

  it('matches a wildcard service only by an equal or a wider wildcard', () => {
    const exact = { namespace: 'client', name: 'exact', spec: { host: 'a.example.com' } };
    const wide = { namespace: 'client', name: 'wide', spec: { host: '*.com' } };
    expect(pick([exact, wide], 'client', {}, '*.example.com')).toBe('wide');
  });

  it('does not see private rules of other namespaces', () => {
    expect(pick([{ ...theirs, spec: { exportTo: ['.'] } }, root])).toBe('root');
    expect(pick([{ ...theirs, spec: { exportTo: ['another'] } }, root])).toBe('root');
    expect(pick([{ ...theirs, spec: { exportTo: ['client'] } }, root])).toBe('theirs');
  });

  it('hides a less specific exported rule behind a more specific one that is not for this client', () => {
    const narrow = { ...theirs, spec: { exportTo: ['another'] } };
    const general = { namespace: 'backend', name: 'general', spec: { host: '*.cluster.local' } };
    expect(pick([narrow, general, root])).toBe('root');
  });

  it('takes as own in the root namespace only what is private to it', () => {
    expect(pick([root, theirs], 'istio-system')).toBe('theirs');
    expect(pick([{ ...root, spec: { exportTo: ['.'] } }, theirs], 'istio-system')).toBe('root');
  });

  it('is one for selected workloads where it selects the client, and never inbound', () => {
    const selected = { namespace: 'client', name: 'selected', spec: { workloadSelector: { matchLabels: { app: 'web' } } } };
    const general = { namespace: 'client', name: 'general' };
    expect(pick([selected, general], 'client', { app: 'web', version: '1' })).toBe('selected');
    expect(pick([selected, general], 'client', { app: 'db' })).toBe('general');
    // The namespace had a match, so nobody looks further.
    expect(pick([selected, theirs], 'client', { app: 'db' })).toBeUndefined();
    const rules = ofNamespace([selected, general], 'client')[0]?.local ?? [];
    expect(ruleForProxy(rules, 'inbound', { namespace: 'client', labels: { app: 'web' } })?.sources[0].name).toBe('general');
  });
});
