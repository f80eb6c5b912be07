import type { Cell, MapCell, Read } from '../incremental/cell.ts';
import type { ConfigObject } from '../model/config-object.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { NetworkGateway } from '../model/network-gateway.ts';
import type { Proxy as ProxyNode } from '../model/proxy.ts';
import type { Service } from '../model/service.ts';
import type { ServiceTarget } from '../model/service-target.ts';
import type { Workload } from '../model/workload.ts';
import type { DestinationRule } from '../schema/destination-rule/destination-rule.ts';
import type { EnvoyFilter } from '../schema/envoy-filter/envoy-filter.ts';
import type { IstioGateway } from '../schema/istio-gateway/istio-gateway.ts';
import type { PeerAuthentication } from '../schema/peer-authentication/peer-authentication.ts';
import type { Sidecar } from '../schema/sidecar/sidecar.ts';
import type { Telemetry } from '../schema/telemetry/telemetry.ts';
import type { TrafficExtension } from '../schema/traffic-extension/traffic-extension.ts';
import type { VirtualService } from '../schema/virtual-service/virtual-service.ts';
import type { WasmPlugin } from '../schema/wasm-plugin/wasm-plugin.ts';
import type { IngressInputs } from './cells/ingresses.ts';
import type { MeshSettings } from './settings.ts';

/** The facts that meaning is derived from. The composition root hands in the tables of ConfigController and ServiceController. */
export interface MeshInputs {
  readonly settings: Cell<MeshSettings>;
  /** By `namespace/hostname`. */
  readonly services: MapCell<Service>;
  readonly endpoints: MapCell<readonly Endpoint[]>;
  /** Ways between networks, by IP address or name. */
  readonly networkGateways: Cell<readonly NetworkGateway[]>;
  /** Addresses of those that are stated by name, as far as they are known. */
  readonly gatewayAddresses: Cell<ReadonlyMap<string, readonly string[]>>;
  /** The ports that a proxy's own workload serves, oldest service first, then by hostname. */
  readonly targetsOf: (read: Read, proxy: ProxyNode) => readonly ServiceTarget[];
  /** The pod or WorkloadEntry behind a proxy; its labels win over those of the node. */
  readonly workloadOf: (read: Read, proxy: ProxyNode) => Workload | undefined;
  readonly ingress: IngressInputs;
  /** Istio's configuration by `namespace/name`. */
  readonly config: {
    readonly virtualServices: MapCell<ConfigObject<VirtualService>>;
    readonly destinationRules: MapCell<ConfigObject<DestinationRule>>;
    readonly sidecars: MapCell<ConfigObject<Sidecar>>;
    readonly gateways: MapCell<ConfigObject<IstioGateway>>;
    readonly envoyFilters: MapCell<ConfigObject<EnvoyFilter>>;
    readonly peerAuthentications: MapCell<ConfigObject<PeerAuthentication>>;
    readonly telemetries: MapCell<ConfigObject<Telemetry>>;
    readonly trafficExtensions: MapCell<ConfigObject<TrafficExtension>>;
    readonly wasmPlugins: MapCell<ConfigObject<WasmPlugin>>;
  };
}
