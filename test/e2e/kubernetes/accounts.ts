import { clusterRules, namespaceRules, type RbacRule, ruleObjects } from '../../../src/install/rbac/rules.ts';
import { rootNamespace } from './mesh-cluster.ts';

/** The account of a control plane, and of one that may look and touch nothing. Their roles have the same names. */
export const accounts = { controlPlane: 'istiod', observer: 'observer' } as const;

/** What a control plane may do in a cluster, and no more: the rules that are installed. */
export function accountObjects(): readonly object[] {
  const { controlPlane, observer } = accounts;
  return [
    ...accountOf(controlPlane, clusterRules(), namespaceRules()),
    ...accountOf(observer, clusterRules().filter(reads), namespaceRules().filter(reads).map(readingOnly)),
  ];
}

function reads({ verbs }: RbacRule): boolean {
  return verbs.includes('list');
}

function readingOnly(rule: RbacRule): RbacRule {
  return { ...rule, verbs: ['get', 'list', 'watch'] };
}

function accountOf(name: string, everywhere: readonly RbacRule[], here: readonly RbacRule[]): readonly object[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const apiGroup = 'rbac.authorization.k8s.io';
  const subjects = [{ kind: 'ServiceAccount', name, namespace: rootNamespace }];
  const local = { name, namespace: rootNamespace };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: local },
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules: ruleObjects(everywhere) },
    { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef: { apiGroup, kind: 'ClusterRole', name }, subjects },
    { apiVersion, kind: 'Role', metadata: local, rules: ruleObjects(here) },
    { apiVersion, kind: 'RoleBinding', metadata: local, roleRef: { apiGroup, kind: 'Role', name }, subjects },
  ];
}
