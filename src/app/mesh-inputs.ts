import type { ConfigController } from '../config/config-controller.ts';
import type { Cell } from '../incremental/cell.ts';
import type { MeshInputs } from '../mesh/mesh-inputs.ts';
import type { MeshSettings } from '../mesh/settings.ts';
import type { NetworkGateway } from '../model/network-gateway.ts';
import type { ServiceController } from '../registry/service-controller.ts';
import type { ResolvedMeshConfig } from './mesh-config-format.ts';

export interface MeshInputSources {
  readonly config: ConfigController<ResolvedMeshConfig>;
  readonly services: ServiceController;
  readonly settings: Cell<MeshSettings>;
  /** Where the gateway of Ingresses runs. */
  readonly ingressNamespace: string;
  readonly networkGateways: Cell<readonly NetworkGateway[]>;
  readonly gatewayAddresses: Cell<ReadonlyMap<string, readonly string[]>>;
}

/** Hands the tables of configuration and services to `mesh/`, which must not know where they come from. */
export function meshInputs(sources: MeshInputSources): MeshInputs {
  const { config, services, settings } = sources;
  return {
    settings,
    services: services.services,
    endpoints: services.endpoints,
    networkGateways: sources.networkGateways,
    gatewayAddresses: sources.gatewayAddresses,
    targetsOf: (read, proxy) => services.targetsOf(read, proxy),
    workloadOf: (read, proxy) => services.workloadOf(read, proxy),
    ingress: {
      objects: config.table('Ingress'),
      classes: config.table('IngressClass'),
      services: config.table('Service'),
      gatewayNamespace: sources.ingressNamespace,
    },
    config: {
      virtualServices: config.table('VirtualService'),
      destinationRules: config.table('DestinationRule'),
      sidecars: config.table('Sidecar'),
      gateways: config.table('Gateway'),
      envoyFilters: config.table('EnvoyFilter'),
      peerAuthentications: config.table('PeerAuthentication'),
      telemetries: config.table('Telemetry'),
      trafficExtensions: config.table('TrafficExtension'),
      wasmPlugins: config.table('WasmPlugin'),
    },
  };
}
