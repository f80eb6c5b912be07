import type { FieldOwner, FieldRemark } from './field-remark.ts';

const notRead = 'not looked at, as in Istio';

/** Fields of Kubernetes' kinds: their users did not write them for a mesh, so that nobody is warned. */
export const kubernetesRemarks: readonly FieldRemark[] = [
  unread('Service', [
    'spec.ipFamilies',
    'spec.ipFamilyPolicy',
    'spec.externalTrafficPolicy',
    'spec.loadBalancerClass',
    'spec.loadBalancerIP',
    'spec.sessionAffinity',
    'status.loadBalancer.ingress[].ipMode',
  ]),
  elsewhere('Service', ['status.loadBalancer.ingress[].hostname'], 'addresses of gateways between networks'),
  elsewhere('Service', ['spec.publishNotReadyAddresses'], 'endpoints without an EndpointSlice, and the DNS names of pods'),
  unread('EndpointSlice', [
    'endpoints[].hostname',
    'endpoints[].nodeName',
    'endpoints[].zone',
    'endpoints[].deprecatedTopology',
    'endpoints[].targetRef.uid',
    'endpoints[].hints',
    'ports[].protocol',
    'ports[].appProtocol',
  ]),
  unread('Pod', [
    'status.phase',
    'spec.restartPolicy',
    'spec.containers[]',
    'spec.initContainers[]',
    'spec.hostNetwork',
    'status.hostIP',
    'status.startTime',
    'status.conditions[].lastTransitionTime',
    'status.containerStatuses[]',
  ]),
  unread('Node', ['spec.podCIDR', 'spec.podCIDRs', 'spec.providerID']),
  unread('Namespace', ['status.phase']),
  elsewhere('Secret', ['type', 'data', 'stringData'], 'kubeconfigs of further clusters'),
  unread('ConfigMap', ['binaryData']),
  unread('ServiceAccount', ['secrets[].name', 'imagePullSecrets[].name']),
  unread('Ingress', ['spec.defaultBackend', 'spec.rules[].http.paths[].backend.resource', 'status.loadBalancer.ingress[]']),
  waiting('GatewayClass'),
  waiting('ReferenceGrant'),
  elsewhere('MeshRegistries', [''], 'which registries there are, and how they are merged'),
];

function unread(owner: FieldOwner, paths: readonly string[]): FieldRemark {
  return { owner, paths, state: 'not read', says: notRead };
}

function waiting(owner: FieldOwner): FieldRemark {
  return { owner, paths: [''], state: 'not read', says: 'waits for the routes of the Gateway API' };
}

function elsewhere(owner: FieldOwner, paths: readonly string[], says: string): FieldRemark {
  return { owner, paths, state: 'elsewhere', says };
}
