import type { Cell, MapCell } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Service } from '../model/service.ts';
import { type DestinationRules, destinationRules } from './cells/destination-rules.ts';
import { differingServices } from './cells/differing-services.ts';
import { type EndpointFacts, endpointFacts } from './cells/endpoint-facts.ts';
import { type EnvoyFilters, envoyFilters } from './cells/envoy-filters.ts';
import { type Extensions, extensions } from './cells/extensions.ts';
import { type Gateways, gateways } from './cells/gateways.ts';
import { type Importer, importedServices } from './cells/imported-services.ts';
import { ingressConfig } from './cells/ingresses.ts';
import { type LabelInterest, labelInterest } from './cells/label-interest.ts';
import { type EndpointWorld, endpointWorld } from './cells/networks.ts';
import { ownSettings } from './cells/own-settings.ts';
import { type PeerAuthentications, peerAuthentications } from './cells/peer-authentications.ts';
import { type Sidecars, sidecars } from './cells/sidecars.ts';
import { type Telemetries, telemetries } from './cells/telemetries.ts';
import { type VirtualServices, virtualServices } from './cells/virtual-services.ts';
import { type VisibleServices, visibleServices } from './cells/visible-services.ts';
import type { MeshInputs } from './mesh-inputs.ts';
import type { OwnProxySettings } from './scope.ts';
import type { MeshSettings } from './settings.ts';

/** What the configuration means, as cells that the builders of `xds/` are fed from. */
export interface Mesh {
  readonly engine: Engine;
  readonly inputs: MeshInputs;
  /** Namespaces share what they do not see differently; off only to prove that nobody can tell. */
  readonly sharesViews: boolean;
  readonly settings: Cell<MeshSettings>;
  /** The same for proxies with a ProxyConfig of their own. */
  readonly settingsFor: (own: OwnProxySettings | undefined) => Cell<MeshSettings>;
  readonly services: VisibleServices;
  readonly endpoints: MapCell<readonly Endpoint[]>;
  readonly endpointFacts: EndpointFacts;
  /** Settings, networks and cluster-local hosts, as load assignments read them. */
  readonly endpointWorld: Cell<EndpointWorld>;
  readonly rules: DestinationRules;
  readonly authentication: PeerAuthentications;
  readonly virtualServices: VirtualServices;
  readonly sidecars: Sidecars;
  readonly gateways: Gateways;
  readonly labelInterest: LabelInterest;
  readonly envoyFilters: EnvoyFilters;
  readonly telemetry: Telemetries;
  readonly extensions: Extensions;
  /** By hostname: services for which a namespace needs clusters and endpoints of its own. */
  readonly differingServices: (namespace: string) => MapCell<Service>;
  /** The same for gateways. */
  readonly differingAtGateways: (namespace: string) => MapCell<Service>;
  /** The service that workloads have clusters for under a hostname. */
  readonly importedService: (importer: Importer, hostname: string) => Cell<Service | undefined>;
}

/**
 * `sharesViews` false builds everything for every namespace anew: slow, and what sharing is proven against (compare Istio's
 * UNSAFE_PILOT_ENABLE_RUNTIME_ASSERTIONS).
 */
export function createMesh(engine: Engine, inputs: MeshInputs, sharesViews = true): Mesh {
  const { settings, config } = inputs;
  const services = visibleServices(engine, inputs.services);
  const rules = destinationRules(engine, config.destinationRules, settings);
  const authentication = peerAuthentications(engine, config.peerAuthentications, settings);
  // What users wrote as such comes before what their Ingresses come to.
  const ingress = ingressConfig(engine, inputs.ingress, settings);
  const routing = virtualServices(engine, engine.overlay([config.virtualServices, ingress.virtualServices]), settings);
  const scopes = sidecars(engine, { objects: config.sidecars, services, all: inputs.services, virtualServices: routing, settings });
  const differing = differingServices(engine, { services, seen: services, rules, virtualServices: routing, sharesViews });
  const gatewayObjects = engine.overlay([config.gateways, ingress.gateways]);
  return {
    engine,
    inputs,
    sharesViews,
    settings,
    settingsFor: ownSettings(engine, settings),
    services,
    endpoints: inputs.endpoints,
    endpointFacts: endpointFacts(engine, {
      services: inputs.services,
      endpoints: inputs.endpoints,
      settings,
      modeOf: authentication.ofNamespace,
    }),
    endpointWorld: endpointWorld(engine, {
      settings,
      gateways: inputs.networkGateways,
      addressesOfNames: inputs.gatewayAddresses,
    }),
    rules,
    authentication,
    virtualServices: routing,
    sidecars: scopes,
    gateways: gateways(engine, { written: config.gateways, objects: gatewayObjects, services: inputs.services, settings }),
    labelInterest: labelInterest(engine, {
      destinationRules: config.destinationRules,
      services: inputs.services,
      lookingAtSource: routing.lookingAtSource,
      settings,
    }),
    telemetry: telemetries(engine, { objects: config.telemetries, settings, services, all: inputs.services }),
    extensions: extensions(engine, { trafficExtensions: config.trafficExtensions, wasmPlugins: config.wasmPlugins, settings }),
    differingServices: differing,
    differingAtGateways: differingServices(engine, { services, seen: services.toGateways, rules, sharesViews }),
    importedService: importedServices(engine, { services, sidecars: scopes, differing }),
    envoyFilters: envoyFilters(engine, config.envoyFilters, settings),
  };
}
