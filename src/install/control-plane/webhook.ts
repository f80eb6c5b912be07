import { compareText } from '../../model/config-object.ts';
import { ownKinds } from '../crds/crds.ts';
import { isSet, type Template, type TemplateObject } from '../template/template.ts';
import { clusterWide, controlPlaneLabels, defaultValidator, namespace, revisioned, revisionLabel } from './names.ts';

/** Every kind that comes with the control plane. */
const rules = [
  {
    operations: ['CREATE', 'UPDATE'],
    apiGroups: [...new Set(ownKinds.map(({ group }) => group))].sort(compareText),
    apiVersions: ['*'],
    resources: ['*'],
  },
];

/**
 * Has the API server ask `/validate` about objects of this revision. Open until the control plane is ready: it patches in
 * `caBundle` and `failurePolicy: Fail` itself.
 */
export const validatingWebhook: TemplateObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: clusterWide('istio-validator'), labels: { ...controlPlaneLabels, istio: 'istiod' } },
  webhooks: [webhook('rev.validation.istio.io', [{ key: 'istio.io/rev', operator: 'In', values: [revisionLabel] }])],
};

/** The same for objects that name no revision: they belong to the control plane without one. */
export const defaultValidatingWebhook: TemplateObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: defaultValidator, labels: { ...controlPlaneLabels, istio: 'istiod' } },
  webhooks: [webhook('validation.istio.io', [{ key: 'istio.io/rev', operator: 'DoesNotExist' }])],
};

function webhook(name: string, matchExpressions: Template): TemplateObject {
  return {
    name,
    clientConfig: { service: { name: revisioned('istiod'), namespace, path: '/validate' } },
    rules,
    failurePolicy: 'Ignore',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    objectSelector: { matchExpressions },
  };
}

export const wantsWebhook = isSet('global.configValidation');
