import { describe, expect, it } from 'vitest';
import { watchedKinds } from '../../config/kubernetes/watched-kinds.ts';
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
    expect(resources(clusterRules())).not.toContain('/serviceaccounts');
    expect(resources(namespaceRules())).toEqual(expect.arrayContaining(['/configmaps', '/secrets']));
  });

  it('reads every kind that it watches', () => {
    for (const { kind, selection } of watchedKinds('istio-system')) {
      const rules = selection?.namespace === undefined ? clusterRules() : namespaceRules();
      expect(resources(rules.filter(({ verbs }) => verbs.includes('watch')))).toContain(`${kind.group}/${kind.plural}`);
    }
  });

  it('writes statuses alone in other namespaces, and in its own what it needs itself', () => {
    const writes = (rule: RbacRule) => rule.verbs.some((verb) => !['get', 'list', 'watch'].includes(verb));
    expect(
      clusterRules()
        .filter(writes)
        .every(({ verbs }) => verbs.join() === 'patch'),
    ).toBe(true);
    expect(resources(clusterRules().filter(writes)).filter((resource) => !resource.endsWith('/status'))).toEqual([]);
    const own = namespaceRules().filter(writes);
    expect(own.map(({ resources: [resource], resourceNames = [], verbs }) => [resource, ...resourceNames, verbs.at(-1)])).toEqual([
      ['configmaps', 'delete'],
      ['secrets', 'create'],
      ['secrets', 'istiod-webhook-certs', 'update'],
      ['leases', 'update'],
      ['gateways', 'create'],
    ]);
    expect(readerRules().filter(writes)).toEqual([]);
  });

  it('writes no status of Kubernetes but of Ingresses, nor of the Gateway API', () => {
    const statuses = resources(clusterRules()).filter((resource) => resource.endsWith('/status'));
    expect(statuses).toContain('networking.istio.io/virtualservices/status');
    expect(statuses.filter((resource) => resource.includes('k8s.io/') || resource.startsWith('/'))).toEqual([
      'networking.k8s.io/ingresses/status',
    ]);
  });
});
