/** The TypeScript type of `ConfigObject.spec` for every kind. */

import type { ConfigObject } from '../model/config-object.ts';
import type { AuthorizationPolicy } from './authorization-policy/authorization-policy.ts';
import type { BackendTlsPolicy } from './backend-tls-policy/backend-tls-policy.ts';
import type { DestinationRule } from './destination-rule/destination-rule.ts';
import type { EnvoyFilter } from './envoy-filter/envoy-filter.ts';
import type { GatewayClass } from './gateway-class/gateway-class.ts';
import type { GrpcRoute } from './grpc-route/grpc-route.ts';
import type { HttpRoute } from './http-route/http-route.ts';
import type { IstioGateway } from './istio-gateway/istio-gateway.ts';
import type { ConfigMap } from './kubernetes/config-map.ts';
import type { EndpointSlice } from './kubernetes/endpoint-slice.ts';
import type { Ingress, IngressClass } from './kubernetes/ingress.ts';
import type { Namespace } from './kubernetes/namespace.ts';
import type { Node } from './kubernetes/node.ts';
import type { Pod } from './kubernetes/pod.ts';
import type { Secret } from './kubernetes/secret.ts';
import type { KubeService } from './kubernetes/service.ts';
import type { ServiceAccount } from './kubernetes/service-account.ts';
import type { KubernetesGateway } from './kubernetes-gateway/kubernetes-gateway.ts';
import type { ListenerSet } from './listener-set/listener-set.ts';
import type { MeshRegistries } from './mesh-registries/mesh-registries.ts';
import type { PeerAuthentication } from './peer-authentication/peer-authentication.ts';
import type { ProxyConfig } from './proxy-config/proxy-config.ts';
import type { ReferenceGrant } from './reference-grant/reference-grant.ts';
import type { RequestAuthentication } from './request-authentication/request-authentication.ts';
import type { ServiceEntry } from './service-entry/service-entry.ts';
import type { Sidecar } from './sidecar/sidecar.ts';
import type { TcpRoute } from './tcp-route/tcp-route.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import type { TlsRoute } from './tls-route/tls-route.ts';
import type { TrafficExtension } from './traffic-extension/traffic-extension.ts';
import type { VirtualService } from './virtual-service/virtual-service.ts';
import type { WasmPlugin } from './wasm-plugin/wasm-plugin.ts';
import type { WorkloadEntry } from './workload-entry/workload-entry.ts';
import type { WorkloadGroup } from './workload-group/workload-group.ts';

export interface SpecByKind {
  readonly VirtualService: VirtualService;
  readonly DestinationRule: DestinationRule;
  readonly Gateway: IstioGateway;
  readonly ServiceEntry: ServiceEntry;
  readonly WorkloadEntry: WorkloadEntry;
  readonly WorkloadGroup: WorkloadGroup;
  readonly Sidecar: Sidecar;
  readonly EnvoyFilter: EnvoyFilter;
  readonly ProxyConfig: ProxyConfig;
  readonly PeerAuthentication: PeerAuthentication;
  readonly RequestAuthentication: RequestAuthentication;
  readonly AuthorizationPolicy: AuthorizationPolicy;
  readonly Telemetry: Telemetry;
  readonly WasmPlugin: WasmPlugin;
  readonly TrafficExtension: TrafficExtension;
  readonly GatewayClass: GatewayClass;
  readonly KubernetesGateway: KubernetesGateway;
  readonly ListenerSet: ListenerSet;
  readonly HTTPRoute: HttpRoute;
  readonly GRPCRoute: GrpcRoute;
  readonly TLSRoute: TlsRoute;
  readonly TCPRoute: TcpRoute;
  readonly BackendTLSPolicy: BackendTlsPolicy;
  readonly ReferenceGrant: ReferenceGrant;
  readonly Service: KubeService;
  readonly EndpointSlice: EndpointSlice;
  readonly Pod: Pod;
  readonly Node: Node;
  readonly Namespace: Namespace;
  readonly Secret: Secret;
  readonly ConfigMap: ConfigMap;
  readonly ServiceAccount: ServiceAccount;
  readonly Ingress: Ingress;
  readonly IngressClass: IngressClass;
  readonly MeshRegistries: MeshRegistries;
}

export type KindName = keyof SpecByKind;

/** A ConfigObject of one kind. */
export type ObjectOf<K extends KindName> = ConfigObject<SpecByKind[K]>;
