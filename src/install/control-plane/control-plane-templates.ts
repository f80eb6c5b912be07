import { controlPlaneAccount, controlPlaneRoles, readerRoles } from '../rbac/roles.ts';
import type { ChartTemplate } from '../template/chart-template.ts';
import { isSet, not } from '../template/template.ts';
import { meshConfigMap } from './config-map.ts';
import { controlPlaneDeployment } from './deployment.ts';
import { remoteEndpoints, remoteService } from './remote.ts';
import { controlPlaneAutoscaler, controlPlaneDisruptionBudget, wantsAutoscaler, wantsDisruptionBudget } from './scaling.ts';
import { controlPlaneService } from './service.ts';
import { defaultValidatingWebhook, validatingWebhook, wantsWebhook } from './webhook.ts';

const isRemote = isSet('istiodRemote.enabled');
const isLocal = not(isRemote);

/** The control plane's objects, in the order in which they are applied: what others need comes first. */
export const controlPlaneTemplates: readonly ChartTemplate[] = [
  { file: 'serviceaccount', object: controlPlaneAccount, only: isLocal },
  ...controlPlaneRoles.map((object) => ({ file: 'roles', object, only: isLocal })),
  ...readerRoles.map((object) => ({ file: 'reader-roles', object })),
  { file: 'configmap', object: meshConfigMap, only: isLocal },
  { file: 'service', object: controlPlaneService, only: isLocal },
  { file: 'deployment', object: controlPlaneDeployment, only: isLocal },
  { file: 'autoscale', object: controlPlaneAutoscaler, only: { type: 'all', tests: [isLocal, wantsAutoscaler] } },
  { file: 'poddisruptionbudget', object: controlPlaneDisruptionBudget, only: { type: 'all', tests: [isLocal, wantsDisruptionBudget] } },
  { file: 'validatingwebhookconfiguration', object: validatingWebhook, only: { type: 'all', tests: [isLocal, wantsWebhook] } },
  {
    file: 'validatingwebhookconfiguration',
    object: defaultValidatingWebhook,
    only: { type: 'all', tests: [isLocal, wantsWebhook, not(isSet('revision'))] },
  },
  { file: 'remote-istiod', object: remoteService, only: isRemote },
  { file: 'remote-istiod', object: remoteEndpoints, only: isRemote },
];
