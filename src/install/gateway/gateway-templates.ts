import { utilization } from '../control-plane/scaling.ts';
import type { ChartTemplate } from '../template/chart-template.ts';
import type { TemplateObject } from '../template/template.ts';
import { each, isSet, itemKey, itemValue, not, text, value, when, withValues } from '../template/template.ts';

/**
 * A gateway: Envoy with our agent, told what to serve by Gateway objects that select its labels. Paths of values are those
 * of the chart `gateway`; `gateway-values.ts` translates Istio's `gateways.istio-ingressgateway.…` into them.
 */
const name = value('name');
const namespace = value('namespace');
const labels = withValues({ 'istio.io/rev': when(isSet('revision'), value('revision'), 'default') }, 'labels');

const account: TemplateObject = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: text(name, '-service-account'), namespace, labels },
};

const service: TemplateObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, labels, annotations: value('service.annotations') },
  spec: {
    type: value('service.type'),
    loadBalancerIP: value('service.loadBalancerIP'),
    loadBalancerSourceRanges: value('service.loadBalancerSourceRanges'),
    externalTrafficPolicy: value('service.externalTrafficPolicy'),
    externalIPs: value('service.externalIPs'),
    ports: value('service.ports'),
    selector: value('labels'),
  },
};

const deployment: TemplateObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace, labels },
  spec: {
    replicas: when(not(isSet('autoscaling.enabled')), value('replicaCount')),
    strategy: { rollingUpdate: { maxSurge: value('rollingMaxSurge'), maxUnavailable: value('rollingMaxUnavailable') } },
    selector: { matchLabels: value('labels') },
    template: {
      metadata: {
        labels: withValues(
          { 'istio.io/rev': when(isSet('revision'), value('revision'), 'default'), 'sidecar.istio.io/inject': 'false' },
          'labels',
        ),
        annotations: withValues(
          {
            'prometheus.io/path': '/stats/prometheus',
            'prometheus.io/port': '15090',
            'prometheus.io/scrape': 'true',
            'sidecar.istio.io/inject': 'false',
          },
          'podAnnotations',
        ),
      },
      spec: {
        serviceAccountName: text(name, '-service-account'),
        priorityClassName: value('global.priorityClassName'),
        imagePullSecrets: when(isSet('global.imagePullSecrets'), [each('global.imagePullSecrets', { name: itemValue })]),
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1337,
          runAsGroup: 1337,
          fsGroup: 1337,
          seccompProfile: { type: 'RuntimeDefault' },
          // Ports below 1024 are served without a capability.
          sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
        },
        terminationGracePeriodSeconds: value('terminationGracePeriodSeconds'),
        containers: [container()],
        nodeSelector: value('nodeSelector'),
        affinity: value('affinity'),
        tolerations: value('tolerations'),
        topologySpreadConstraints: value('topologySpreadConstraints'),
        volumes: [{ name: 'tmp', emptyDir: {} }],
      },
    },
  },
};

function container(): TemplateObject {
  return {
    name: 'istio-proxy',
    image: text(value('global.hub'), '/', value('global.proxy.image'), ':', value('global.tag')),
    imagePullPolicy: value('global.imagePullPolicy'),
    args: [
      'proxy',
      '--type=router',
      '--name=$(POD_NAME)',
      '--namespace=$(POD_NAMESPACE)',
      '--address=$(INSTANCE_IP)',
      '--service-account=$(SERVICE_ACCOUNT)',
      text(
        '--xds-address=istiod',
        when(isSet('revision'), text('-', value('revision'))),
        '.',
        value('global.istioNamespace'),
        '.svc:15010',
      ),
      '--status-port=15021',
      '--stats-port=15090',
      text('--log-level=', value('global.proxy.logLevel')),
      each('labels', text('--label=', itemKey, '=', itemValue)),
    ],
    ports: [
      { containerPort: 15021, protocol: 'TCP', name: 'status-port' },
      { containerPort: 15090, protocol: 'TCP', name: 'http-envoy-prom' },
    ],
    readinessProbe: {
      httpGet: { path: '/healthz/ready', port: 15021 },
      initialDelaySeconds: 1,
      periodSeconds: 2,
      timeoutSeconds: 3,
      failureThreshold: 30,
    },
    env: [
      fromField('POD_NAME', 'metadata.name'),
      fromField('POD_NAMESPACE', 'metadata.namespace'),
      fromField('INSTANCE_IP', 'status.podIP'),
      fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
      each('env', { name: itemKey, value: itemValue }),
    ],
    resources: value('resources'),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
}

function fromField(variable: string, fieldPath: string): TemplateObject {
  return { name: variable, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

const autoscaler: TemplateObject = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, namespace, labels },
  spec: {
    minReplicas: value('autoscaling.minReplicas'),
    maxReplicas: value('autoscaling.maxReplicas'),
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    metrics: [
      utilization('cpu', 'autoscaling.targetCPUUtilizationPercentage'),
      when(isSet('autoscaling.targetMemoryUtilizationPercentage'), utilization('memory', 'autoscaling.targetMemoryUtilizationPercentage')),
    ],
    behavior: value('autoscaling.autoscaleBehavior'),
  },
};

const disruptionBudget: TemplateObject = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, namespace, labels },
  spec: { minAvailable: 1, selector: { matchLabels: value('labels') } },
};

/** A gateway's objects, in the order in which they are applied. */
export const gatewayTemplates: readonly ChartTemplate[] = [
  { file: 'serviceaccount', object: account },
  { file: 'service', object: service },
  { file: 'deployment', object: deployment },
  { file: 'hpa', object: autoscaler, only: isSet('autoscaling.enabled') },
  { file: 'poddisruptionbudget', object: disruptionBudget, only: isSet('global.defaultPodDisruptionBudget.enabled') },
];
