import {
  each,
  isSet,
  itemKey,
  items,
  itemValue,
  not,
  type Template,
  type TemplateObject,
  text,
  value,
  when,
  withValues,
} from '../template/template.ts';
import { controlPlaneLabels, namespace, podLabels, revisioned } from './names.ts';

const isFixedSize = not(isSet('pilot.autoscaleEnabled'));

/** The Deployment `istiod`: replicas are equal, one of them leads. */
export const controlPlaneDeployment: TemplateObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: revisioned('istiod'),
    namespace,
    labels: withValues({ ...controlPlaneLabels, istio: 'pilot' }, 'pilot.deploymentLabels'),
    annotations: value('pilot.deploymentAnnotations'),
  },
  spec: {
    // An autoscaler's number would be overwritten at every apply.
    replicas: when(isFixedSize, value('pilot.replicaCount')),
    strategy: {
      rollingUpdate: { maxSurge: value('pilot.rollingMaxSurge'), maxUnavailable: value('pilot.rollingMaxUnavailable') },
    },
    selector: { matchLabels: podLabels },
    template: {
      metadata: {
        labels: withValues(
          { ...controlPlaneLabels, istio: when(not(isSet('revision')), 'pilot', 'istiod'), 'sidecar.istio.io/inject': 'false' },
          'pilot.podLabels',
        ),
        annotations: withValues(
          { 'prometheus.io/port': '15014', 'prometheus.io/scrape': 'true', 'sidecar.istio.io/inject': 'false' },
          'pilot.podAnnotations',
        ),
      },
      spec: podSpec(),
    },
  },
};

function podSpec(): TemplateObject {
  return {
    serviceAccountName: revisioned('istiod'),
    priorityClassName: value('global.priorityClassName'),
    imagePullSecrets: when(isSet('global.imagePullSecrets'), [each('global.imagePullSecrets', { name: itemValue })]),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1337,
      runAsGroup: 1337,
      fsGroup: 1337,
      seccompProfile: when(isSet('pilot.seccompProfile'), value('pilot.seccompProfile'), { type: 'RuntimeDefault' }),
    },
    terminationGracePeriodSeconds: value('pilot.terminationGracePeriodSeconds'),
    containers: [container()],
    nodeSelector: value('pilot.nodeSelector'),
    affinity: value('pilot.affinity'),
    tolerations: value('pilot.tolerations'),
    topologySpreadConstraints: value('pilot.topologySpreadConstraints'),
    volumes: [{ name: 'tmp', emptyDir: {} }, items('pilot.volumes')],
  };
}

function container(): TemplateObject {
  return {
    name: 'discovery',
    image: text(
      when(isSet('pilot.hub'), value('pilot.hub'), value('global.hub')),
      '/',
      value('pilot.image'),
      ':',
      when(isSet('pilot.tag'), value('pilot.tag'), value('global.tag')),
    ),
    imagePullPolicy: value('global.imagePullPolicy'),
    args: [
      'serve',
      '--xds-address=0.0.0.0:15010',
      '--http-address=0.0.0.0:8080',
      '--monitoring-address=0.0.0.0:15014',
      when(isSet('global.configValidation'), '--webhook-address=0.0.0.0:15017'),
      text('--log-level=', value('global.logging.level')),
      items('pilot.extraContainerArgs'),
    ],
    ports: [
      { containerPort: 8080, protocol: 'TCP', name: 'http-debug' },
      { containerPort: 15010, protocol: 'TCP', name: 'grpc-xds' },
      { containerPort: 15012, protocol: 'TCP', name: 'tls-xds' },
      { containerPort: 15014, protocol: 'TCP', name: 'http-monitoring' },
      { containerPort: 15017, protocol: 'TCP', name: 'https-webhooks' },
    ],
    readinessProbe: { httpGet: { path: '/ready', port: 8080 }, initialDelaySeconds: 1, periodSeconds: 3, timeoutSeconds: 5 },
    // Answered from the first moment on, also while the cluster is still being read.
    livenessProbe: { httpGet: { path: '/version', port: 8080 }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    env: [
      { name: 'REVISION', value: when(isSet('revision'), value('revision'), 'default') },
      fromField('POD_NAME', 'metadata.name'),
      fromField('POD_NAMESPACE', 'metadata.namespace'),
      fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
      { name: 'CLUSTER_ID', value: value('global.multiCluster.clusterName') },
      { name: 'DOMAIN_SUFFIX', value: value('global.proxy.clusterDomain') },
      each('pilot.env', { name: itemKey, value: itemValue }),
    ],
    resources: value('pilot.resources'),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }, items('pilot.volumeMounts')],
  };
}

function fromField(name: string, fieldPath: string): Template {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}
