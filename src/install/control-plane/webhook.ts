import { isSet, not, type Template, type TemplateObject, text, when } from '../template/template.ts';
import { clusterWide, controlPlaneLabels, namespace, revisioned, revisionLabel } from './names.ts';

/** The groups whose objects are validated, as Istio's webhook has them. */
const rules = [
  {
    operations: ['CREATE', 'UPDATE'],
    apiGroups: ['security.istio.io', 'networking.istio.io', 'telemetry.istio.io', 'extensions.istio.io'],
    apiVersions: ['*'],
    resources: ['*'],
  },
] as const;

/**
 * Has the API server ask `/validate` about objects of this revision. Open until the control plane is ready: it patches in
 * `caBundle` and `failurePolicy: Fail` itself.
 */
export const validatingWebhook: TemplateObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: clusterWide('istio-validator'), labels: { ...controlPlaneLabels, istio: 'istiod' } },
  webhooks: [
    webhook('rev.validation.istio.io', revisioned('istiod'), [{ key: 'istio.io/rev', operator: 'In', values: [revisionLabel] }]),
    // Objects that name no revision belong to the control plane without one.
    when(not(isSet('revision')), webhook('validation.istio.io', text('istiod'), [{ key: 'istio.io/rev', operator: 'DoesNotExist' }])),
  ],
};

function webhook(name: string, service: Template, matchExpressions: Template): TemplateObject {
  return {
    name,
    clientConfig: { service: { name: service, namespace, path: '/validate' } },
    rules,
    failurePolicy: 'Ignore',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    objectSelector: { matchExpressions },
  };
}

export const wantsWebhook = isSet('global.configValidation');
