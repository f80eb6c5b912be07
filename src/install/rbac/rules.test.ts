import { describe, expect, it } from 'vitest';
import { clusterRules, namespaceRules, type RbacRule, readerRules } from './rules.ts';

const everything = [...clusterRules(), ...namespaceRules(), ...readerRules()];
const resources = (rules: readonly RbacRule[]) =>
  rules.flatMap((rule) => rule.resources.map((resource) => `${rule.apiGroups[0]}/${resource}`));

describe('what the control plane may do', () => {
  it('has no wildcard', () => {
    expect(JSON.stringify(everything)).not.toContain('*');
  });

  it('reads secrets and settings of its own namespace alone', () => {
    expect(resources(clusterRules())).not.toContain('/secrets');
    expect(resources(clusterRules())).not.toContain('/configmaps');
    expect(resources(namespaceRules())).toEqual(['/configmaps', '/secrets', 'coordination.k8s.io/leases']);
  });

  it('writes statuses, and elsewhere leases alone', () => {
    const writes = (rule: RbacRule) => rule.verbs.some((verb) => !['get', 'list', 'watch'].includes(verb));
    expect(resources(clusterRules().filter(writes)).filter((resource) => !resource.endsWith('/status'))).toEqual([]);
    expect(resources(namespaceRules().filter(writes))).toEqual(['coordination.k8s.io/leases']);
    expect(readerRules().filter(writes)).toEqual([]);
  });

  it('writes no status of Kubernetes or the Gateway API', () => {
    const statuses = resources(clusterRules()).filter((resource) => resource.endsWith('/status'));
    expect(statuses).toContain('networking.istio.io/virtualservices/status');
    expect(statuses.filter((resource) => !resource.includes('istio.io/'))).toEqual([]);
  });
});
