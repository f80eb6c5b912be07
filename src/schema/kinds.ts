/** Every config kind that Coxswain reads: one array, and the look-up by what a document states. */

import type { Issue } from '../model/issue.ts';
import { authorizationPolicy } from './authorization-policy/authorization-policy.ts';
import { validateAuthorizationPolicy } from './authorization-policy/validate.ts';
import { backendTlsPolicy } from './backend-tls-policy/backend-tls-policy.ts';
import { validateBackendTlsPolicy } from './backend-tls-policy/validate.ts';
import { destinationRule } from './destination-rule/destination-rule.ts';
import { validateDestinationRule } from './destination-rule/validate.ts';
import { envoyFilter } from './envoy-filter/envoy-filter.ts';
import { validateEnvoyFilter } from './envoy-filter/validate.ts';
import { closestOf } from './field/did-you-mean.ts';
import { shorten } from './field/parse-context.ts';
import { gatewayClass } from './gateway-class/gateway-class.ts';
import { grpcRoute } from './grpc-route/grpc-route.ts';
import { validateGrpcRoute } from './grpc-route/validate.ts';
import { httpRoute } from './http-route/http-route.ts';
import { validateHttpRoute } from './http-route/validate.ts';
import { issueCodes } from './issue-codes.ts';
import { istioGateway } from './istio-gateway/istio-gateway.ts';
import { validateIstioGateway } from './istio-gateway/validate.ts';
import { defineKind, type Kind } from './kind.ts';
import { configMap } from './kubernetes/config-map.ts';
import { endpointSlice } from './kubernetes/endpoint-slice.ts';
import { ingress, ingressClass } from './kubernetes/ingress.ts';
import { namespace } from './kubernetes/namespace.ts';
import { node } from './kubernetes/node.ts';
import { pod } from './kubernetes/pod.ts';
import { secret } from './kubernetes/secret.ts';
import { kubeService } from './kubernetes/service.ts';
import { serviceAccount } from './kubernetes/service-account.ts';
import { kubernetesGateway } from './kubernetes-gateway/kubernetes-gateway.ts';
import { validateKubernetesGateway } from './kubernetes-gateway/validate.ts';
import { listenerSet } from './listener-set/listener-set.ts';
import { validateListenerSet } from './listener-set/validate.ts';
import { meshRegistries } from './mesh-registries/mesh-registries.ts';
import { validateMeshRegistries } from './mesh-registries/validate.ts';
import { validateL4Route } from './parts/l4-route-checks.ts';
import { peerAuthentication } from './peer-authentication/peer-authentication.ts';
import { validatePeerAuthentication } from './peer-authentication/validate.ts';
import { proxyConfig } from './proxy-config/proxy-config.ts';
import { validateProxyConfig } from './proxy-config/validate.ts';
import { referenceGrant } from './reference-grant/reference-grant.ts';
import { requestAuthentication } from './request-authentication/request-authentication.ts';
import { validateRequestAuthentication } from './request-authentication/validate.ts';
import { serviceEntry } from './service-entry/service-entry.ts';
import { validateServiceEntry } from './service-entry/validate.ts';
import { sidecar } from './sidecar/sidecar.ts';
import { validateSidecar } from './sidecar/validate.ts';
import { tcpRoute } from './tcp-route/tcp-route.ts';
import { telemetry } from './telemetry/telemetry.ts';
import { validateTelemetry } from './telemetry/validate.ts';
import { tlsRoute } from './tls-route/tls-route.ts';
import { trafficExtension } from './traffic-extension/traffic-extension.ts';
import { validateTrafficExtension } from './traffic-extension/validate.ts';
import { validateVirtualService } from './virtual-service/validate.ts';
import { virtualService } from './virtual-service/virtual-service.ts';
import { validateWasmPlugin } from './wasm-plugin/validate.ts';
import { wasmPlugin } from './wasm-plugin/wasm-plugin.ts';
import { validateWorkloadEntry } from './workload-entry/validate.ts';
import { placedWorkloadEntry } from './workload-entry/workload-entry.ts';
import { validateWorkloadGroup } from './workload-group/validate.ts';
import { workloadGroup } from './workload-group/workload-group.ts';

const namespaced = { scope: 'Namespaced', root: 'spec' } as const;
const networking = { ...namespaced, group: 'networking.istio.io', versions: ['v1', 'v1beta1', 'v1alpha3'], dialect: 'proto' } as const;
const security = { ...namespaced, group: 'security.istio.io', versions: ['v1', 'v1beta1'], dialect: 'proto' } as const;
const extensions = { ...namespaced, group: 'extensions.istio.io', versions: ['v1alpha1'], dialect: 'proto' } as const;
const gatewayApi = { ...namespaced, group: 'gateway.networking.k8s.io', dialect: 'crd' } as const;
const body = { root: 'body', dialect: 'lenient' } as const;
const core = { ...body, scope: 'Namespaced', group: '', versions: ['v1'] } as const;

export const kinds: readonly Kind[] = [
  defineKind({ kind: 'VirtualService', plural: 'virtualservices', ...networking, spec: virtualService, validate: validateVirtualService }),
  defineKind({
    kind: 'DestinationRule',
    plural: 'destinationrules',
    ...networking,
    spec: destinationRule,
    validate: validateDestinationRule,
  }),
  defineKind({ kind: 'Gateway', plural: 'gateways', ...networking, spec: istioGateway, validate: validateIstioGateway }),
  defineKind({ kind: 'ServiceEntry', plural: 'serviceentries', ...networking, spec: serviceEntry, validate: validateServiceEntry }),
  defineKind({
    kind: 'WorkloadEntry',
    plural: 'workloadentries',
    ...networking,
    spec: placedWorkloadEntry,
    validate: validateWorkloadEntry,
  }),
  defineKind({ kind: 'WorkloadGroup', plural: 'workloadgroups', ...networking, spec: workloadGroup, validate: validateWorkloadGroup }),
  defineKind({ kind: 'Sidecar', plural: 'sidecars', ...networking, spec: sidecar, validate: validateSidecar }),
  defineKind({
    kind: 'EnvoyFilter',
    plural: 'envoyfilters',
    ...networking,
    versions: ['v1alpha3'],
    spec: envoyFilter,
    validate: validateEnvoyFilter,
  }),
  defineKind({
    kind: 'ProxyConfig',
    plural: 'proxyconfigs',
    ...networking,
    versions: ['v1beta1'],
    spec: proxyConfig,
    validate: validateProxyConfig,
  }),
  defineKind({
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
    ...security,
    spec: peerAuthentication,
    validate: validatePeerAuthentication,
  }),
  defineKind({
    kind: 'RequestAuthentication',
    plural: 'requestauthentications',
    ...security,
    spec: requestAuthentication,
    validate: validateRequestAuthentication,
  }),
  defineKind({
    kind: 'AuthorizationPolicy',
    plural: 'authorizationpolicies',
    ...security,
    spec: authorizationPolicy,
    validate: validateAuthorizationPolicy,
  }),
  defineKind({
    kind: 'Telemetry',
    plural: 'telemetries',
    ...networking,
    group: 'telemetry.istio.io',
    versions: ['v1', 'v1alpha1'],
    spec: telemetry,
    validate: validateTelemetry,
  }),
  defineKind({ kind: 'WasmPlugin', plural: 'wasmplugins', ...extensions, spec: wasmPlugin, validate: validateWasmPlugin }),
  defineKind({
    kind: 'TrafficExtension',
    plural: 'trafficextensions',
    ...extensions,
    spec: trafficExtension,
    validate: validateTrafficExtension,
  }),
  defineKind({
    kind: 'GatewayClass',
    plural: 'gatewayclasses',
    ...gatewayApi,
    versions: ['v1', 'v1beta1'],
    scope: 'Cluster',
    spec: gatewayClass,
  }),
  defineKind({
    kind: 'KubernetesGateway',
    documentKind: 'Gateway',
    plural: 'gateways',
    ...gatewayApi,
    versions: ['v1', 'v1beta1'],
    spec: kubernetesGateway,
    validate: validateKubernetesGateway,
  }),
  defineKind({
    kind: 'ListenerSet',
    plural: 'listenersets',
    ...gatewayApi,
    versions: ['v1'],
    spec: listenerSet,
    validate: validateListenerSet,
  }),
  defineKind({
    kind: 'HTTPRoute',
    plural: 'httproutes',
    ...gatewayApi,
    versions: ['v1', 'v1beta1'],
    spec: httpRoute,
    validate: validateHttpRoute,
  }),
  defineKind({ kind: 'GRPCRoute', plural: 'grpcroutes', ...gatewayApi, versions: ['v1'], spec: grpcRoute, validate: validateGrpcRoute }),
  defineKind({
    kind: 'TLSRoute',
    plural: 'tlsroutes',
    ...gatewayApi,
    versions: ['v1', 'v1alpha3', 'v1alpha2'],
    spec: tlsRoute,
    validate: validateL4Route,
  }),
  defineKind({
    kind: 'TCPRoute',
    plural: 'tcproutes',
    ...gatewayApi,
    versions: ['v1', 'v1alpha2'],
    spec: tcpRoute,
    validate: validateL4Route,
  }),
  defineKind({
    kind: 'BackendTLSPolicy',
    plural: 'backendtlspolicies',
    ...gatewayApi,
    versions: ['v1', 'v1alpha3'],
    spec: backendTlsPolicy,
    validate: validateBackendTlsPolicy,
  }),
  defineKind({ kind: 'ReferenceGrant', plural: 'referencegrants', ...gatewayApi, versions: ['v1beta1', 'v1'], spec: referenceGrant }),
  defineKind({ kind: 'Service', plural: 'services', ...core, spec: kubeService }),
  defineKind({ kind: 'EndpointSlice', plural: 'endpointslices', ...core, group: 'discovery.k8s.io', spec: endpointSlice }),
  defineKind({ kind: 'Pod', plural: 'pods', ...core, spec: pod }),
  defineKind({ kind: 'Node', plural: 'nodes', ...core, scope: 'Cluster', spec: node }),
  defineKind({ kind: 'Namespace', plural: 'namespaces', ...core, scope: 'Cluster', spec: namespace }),
  defineKind({ kind: 'Secret', plural: 'secrets', ...core, spec: secret }),
  defineKind({ kind: 'ConfigMap', plural: 'configmaps', ...core, spec: configMap }),
  defineKind({ kind: 'ServiceAccount', plural: 'serviceaccounts', ...core, spec: serviceAccount }),
  defineKind({ kind: 'Ingress', plural: 'ingresses', ...core, group: 'networking.k8s.io', spec: ingress }),
  defineKind({
    kind: 'IngressClass',
    plural: 'ingressclasses',
    ...core,
    group: 'networking.k8s.io',
    scope: 'Cluster',
    spec: ingressClass,
  }),
  defineKind({
    kind: 'MeshRegistries',
    plural: 'meshregistries',
    group: 'coxswain.io',
    versions: ['v1alpha1'],
    scope: 'Cluster',
    root: 'spec',
    dialect: 'crd',
    spec: meshRegistries,
    validate: validateMeshRegistries,
  }),
];

const byKind: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [kind.kind, kind]));

/** The definition of a ConfigObject's kind (`KubernetesGateway` for the Gateway API's Gateway). */
export function kindOf(kind: string): Kind | undefined {
  return byKind.get(kind);
}

/** The kind that a document states; undefined where Coxswain does not read it. */
export function findKind(apiVersion: string, documentKind: string): Kind | undefined {
  const { group, version } = splitApiVersion(apiVersion);
  return kinds.find((kind) => kind.group === group && kind.documentKind === documentKind && kind.versions.includes(version));
}

/** Why `findKind` knows nothing: a typing error in a group of ours (an error with a hint), or not our business (info). */
export function explainUnknownKind(apiVersion: string, documentKind: string): Issue {
  const { group } = splitApiVersion(apiVersion);
  const stated = `${shorten(apiVersion)} ${shorten(documentKind)}`;
  const ofGroup = kinds.filter((kind) => kind.group === group);
  const named = ofGroup.find((kind) => kind.documentKind === documentKind);
  if (named) {
    const message = `${stated} is not a known version of ${documentKind}`;
    return { code: issueCodes.unknownKind, severity: 'error', message, hint: `use ${apiVersionOf(named)}`, path: ['apiVersion'] };
  }
  const groups = [...new Set(kinds.map((kind) => kind.group))].filter((known) => known.includes('.'));
  const closeGroup = ofGroup.length === 0 && group.includes('.') ? closestOf(group, groups) : undefined;
  if (closeGroup !== undefined && kinds.some((kind) => kind.group === closeGroup && kind.documentKind === documentKind)) {
    const message = `${stated} is of an unknown API group`;
    return { code: issueCodes.unknownKind, severity: 'error', message, hint: `did you mean "${closeGroup}"?`, path: ['apiVersion'] };
  }
  if (ofGroup.length === 0 || !group.includes('.') || group.endsWith('.k8s.io')) return ignoredOrMisspelt(stated, documentKind, ofGroup);
  const close = closestOf(documentKind, namesOf(ofGroup));
  const elsewhere = kinds.find((kind) => kind.documentKind === documentKind);
  const hint = close ? `did you mean "${close}"?` : elsewhere ? `${documentKind} is of ${apiVersionOf(elsewhere)}` : undefined;
  const message = `${stated} is no kind of ${group}`;
  return { code: issueCodes.unknownKind, severity: 'error', message, ...(hint === undefined ? {} : { hint }), path: ['kind'] };
}

/** In Kubernetes' own groups other kinds are normal; only what looks like a slip of the pen is pointed out. */
function ignoredOrMisspelt(stated: string, documentKind: string, ofGroup: readonly Kind[]): Issue {
  const close = ofGroup.length > 0 ? closestOf(documentKind, namesOf(ofGroup)) : undefined;
  const hint = close === undefined ? {} : { hint: `did you mean "${close}"?` };
  return { code: issueCodes.ignoredKind, severity: 'info', message: `${stated} is not read by a mesh`, ...hint, path: ['kind'] };
}

function namesOf(some: readonly Kind[]): string[] {
  return some.map((kind) => kind.documentKind);
}

/** `networking.istio.io/v1`: what a document of this kind should state. */
export function apiVersionOf(kind: Kind): string {
  return kind.group === '' ? kind.versions[0]! : `${kind.group}/${kind.versions[0]!}`;
}

function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}
