import { isSet, type TemplateObject, text, value, when, yamlDocument } from '../template/template.ts';
import { controlPlaneLabels, namespace, revisioned } from './names.ts';

/** The mesh's settings, which the control plane reads live; what the user sets under `meshConfig` is laid over ours. */
export const meshConfigMap: TemplateObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: revisioned('istio'), namespace, labels: controlPlaneLabels },
  data: {
    meshNetworks: 'networks: {}\n',
    mesh: yamlDocument(
      {
        defaultConfig: {
          discoveryAddress: text('istiod', when(isSet('revision'), text('-', value('revision'))), '.', namespace, '.svc:15012'),
          meshId: value('global.meshID'),
        },
        defaultProviders: { metrics: ['prometheus'] },
        enablePrometheusMerge: true,
        rootNamespace: namespace,
        trustDomain: 'cluster.local',
      },
      'meshConfig',
    ),
  },
};
