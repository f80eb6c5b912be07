import { clusterWide, controlPlaneLabels, defaultValidator, namespace, revisioned } from '../control-plane/names.ts';
import { each, isSet, itemValue, not, type Template, type TemplateObject, value, when } from '../template/template.ts';
import { clusterRules, namespaceRules, readerRules, ruleObjects } from './rules.ts';

const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' } as const;
const pullSecrets = when(isSet('global.imagePullSecrets'), [each('global.imagePullSecrets', { name: itemValue })]);
const clusterRole = clusterWide('istiod-clusterrole');
const readerRole = clusterWide('istio-reader-clusterrole');
const reader = 'istio-reader-service-account';

export const controlPlaneAccount: TemplateObject = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: revisioned('istiod'), namespace, labels: controlPlaneLabels, annotations: value('pilot.serviceAccountAnnotations') },
  imagePullSecrets: pullSecrets,
};

/** Everything that the control plane may do in an API server, and nothing else. */
export const controlPlaneRoles: readonly TemplateObject[] = [
  {
    ...rbac,
    kind: 'ClusterRole',
    metadata: { name: clusterRole, labels: controlPlaneLabels },
    rules: [...ruleObjects(clusterRules()), ...webhookRules()],
  },
  {
    ...rbac,
    kind: 'ClusterRoleBinding',
    metadata: { name: clusterRole, labels: controlPlaneLabels },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRole },
    subjects: [{ kind: 'ServiceAccount', name: revisioned('istiod'), namespace }],
  },
  {
    ...rbac,
    kind: 'Role',
    metadata: { name: revisioned('istiod'), namespace, labels: controlPlaneLabels },
    rules: ruleObjects(namespaceRules()),
  },
  {
    ...rbac,
    kind: 'RoleBinding',
    metadata: { name: revisioned('istiod'), namespace, labels: controlPlaneLabels },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: revisioned('istiod') },
    subjects: [{ kind: 'ServiceAccount', name: revisioned('istiod'), namespace }],
  },
];

/** Its own webhooks alone: patching in the certificate's authority, and closing them once they are served. Lists cannot be limited by name. */
function webhookRules(): readonly Template[] {
  const resources = { apiGroups: ['admissionregistration.k8s.io'], resources: ['validatingwebhookconfigurations'] };
  const own = [clusterWide('istio-validator'), when(not(isSet('revision')), defaultValidator)];
  return [
    when(isSet('global.configValidation'), { ...resources, verbs: ['list', 'watch'] }),
    when(isSet('global.configValidation'), { ...resources, resourceNames: own, verbs: ['update'] }),
    // Making one again that was deleted; Kubernetes cannot limit creation by name.
    when(isSet('global.configValidation'), { ...resources, verbs: ['create'] }),
  ];
}

export const readerAccount: TemplateObject = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: reader, namespace, labels: { app: 'istio-reader' } },
  imagePullSecrets: pullSecrets,
};

/** What `istio-remote-secret-*` of other clusters is made from. */
export const readerRoles: readonly TemplateObject[] = [
  {
    ...rbac,
    kind: 'ClusterRole',
    metadata: { name: readerRole, labels: { app: 'istio-reader' } },
    rules: ruleObjects(readerRules()),
  },
  {
    ...rbac,
    kind: 'ClusterRoleBinding',
    metadata: { name: readerRole, labels: { app: 'istio-reader' } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: readerRole },
    subjects: [{ kind: 'ServiceAccount', name: reader, namespace }],
  },
];
