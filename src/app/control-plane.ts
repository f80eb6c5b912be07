import { ConfigController } from '../config/config-controller.ts';
import type { ConfigSource } from '../config/config-source.ts';
import type { EnvoyProtos } from '../envoy/protos.ts';
import type { Cell, Index, Table } from '../incremental/cell.ts';
import { Engine } from '../incremental/engine.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { hashBytes } from '../lib/hash.ts';
import type { Logger } from '../lib/log.ts';
import { type FeatureFlags, readFeatureFlags } from '../mesh/feature-flags.ts';
import { createMesh, type Mesh } from '../mesh/mesh.ts';
import type { MeshSettings } from '../mesh/settings.ts';
import type { Issue } from '../model/issue.ts';
import type { NetworkGateway } from '../model/network-gateway.ts';
import { allGateways } from '../registry/networks/all-gateways.ts';
import { type GatewayAddresses, gatewayAddressInput } from '../registry/networks/gateway-names.ts';
import { RegistrySet } from '../registry/registry-set.ts';
import { ServiceController } from '../registry/service-controller.ts';
import type { WorkloadInstance } from '../registry/workload-instance.ts';
import { kinds } from '../schema/kinds.ts';
import { withEnvironment } from '../schema/mesh-config/with-environment.ts';
import type { RegistryEntry } from '../schema/mesh-registries/mesh-registries.ts';
import { LbEndpoints } from '../xds/endpoints/lb-endpoints.ts';
import type { Patching } from '../xds/views/patching.ts';
import { ResourceEncoder } from '../xds/views/resource-encoder.ts';
import { viewKinds } from '../xds/views/view-kinds.ts';
import { XdsSource } from '../xds/views/xds-source.ts';
import { createLiveRegistry } from './create-live-registry.ts';
import { createPatching } from './create-patching.ts';
import { ingressNamespace } from './ingress-namespace.ts';
import { LiveRegistries } from './live-registries.ts';
import { mergeRules } from './merge-rules.ts';
import { meshConfigFormat, type ResolvedMeshConfig } from './mesh-config-format.ts';
import { meshInputs } from './mesh-inputs.ts';
import { createRegistries } from './registries.ts';

export interface ControlPlaneOptions {
  readonly sources: readonly ConfigSource[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly protos: EnvoyProtos;
  readonly log: Logger;
  /** One of the sources is the API server of a live cluster. */
  readonly isLiveCluster?: boolean;
  /** Registries of the command line. */
  readonly registries?: readonly RegistryEntry[];
  /** The system's by default. */
  readonly clock?: Clock;
}

/** The whole straight line from configuration to shared bytes, without a socket: `serve` adds the servers, tests drive it as it is. */
export interface ControlPlane {
  readonly engine: Engine;
  /** Of the cluster that we belong to. */
  readonly clusterId: string;
  readonly config: ConfigController<ResolvedMeshConfig>;
  readonly registries: RegistrySet;
  /** To be started once the configuration has been read. */
  readonly live: LiveRegistries;
  /** By cluster id: `RemoteClusters` fills it in. */
  readonly remotePods: Table<Index<WorkloadInstance>>;
  readonly services: ServiceController;
  /** Ways between networks, and where those lead that are stated by name: `GatewayNames` fills it in. */
  readonly networkGateways: Cell<readonly NetworkGateway[]>;
  readonly gatewayAddresses: GatewayAddresses;
  /** The same for endpoints of hosts that others know by addresses (`ServiceController.names`). */
  readonly nameAddresses: GatewayAddresses;
  /** What is wrong with the configuration, and what registries disagree about. */
  readonly issues: Cell<readonly Issue[]>;
  readonly mesh: Mesh;
  readonly patching: Patching;
  readonly source: XdsSource;
  readonly hasSynced: () => boolean;
}

export function createControlPlane({
  sources,
  env,
  protos,
  log,
  isLiveCluster = false,
  registries: stated = [],
  clock = systemClock,
}: ControlPlaneOptions): ControlPlane {
  const flags = readFeatureFlags(env);
  const domainSuffix = env['DOMAIN_SUFFIX'] ?? 'cluster.local';
  const revision = env['REVISION'] ?? '';
  const engine = new Engine({ onError: (error, key) => log.error({ err: error, key }, 'a computation failed; its last good value stays') });
  const config = new ConfigController({
    engine,
    kinds,
    sources,
    meshConfig: meshConfigFormat,
    rootNamespace: env['ISTIOD_NAMESPACE'] ?? env['POD_NAMESPACE'] ?? 'istio-system',
    meshConfigMap: meshConfigMapName(revision),
    revision,
    discoverySelectors: (meshConfig) => meshConfig.discoverySelectors ?? [],
  });
  const settings = engine.derived<MeshSettings>((read) => settingsOf(withEnvironment(read(config.meshConfig), env), flags, domainSuffix));
  const clusterId = env['CLUSTER_ID'] ?? 'Kubernetes';
  const remotePods = engine.table<Index<WorkloadInstance>>();
  const { fixed, workloads } = createRegistries({
    engine,
    config,
    clusterId,
    domainSuffix,
    hasSynced: () => config.hasSynced(),
    isLiveCluster,
    isDualStack: flags.ISTIO_DUAL_STACK,
    remotePods: engine.derived((read) => [...read(remotePods).values()]),
  });
  const nameAddresses = gatewayAddressInput(engine);
  const registries = new RegistrySet({ engine, fixed, rules: mergeRules(engine, config.table('MeshRegistries')), nameAddresses });
  const { meshConfig, meshNetworks } = config;
  const liveSources = { engine, namespaces: config.table('Namespace'), meshConfig, meshNetworks, workloads, clock, log, env };
  const live = new LiveRegistries({
    engine,
    registries,
    stated,
    documents: config.table('MeshRegistries'),
    create: (id, entry) => createLiveRegistry(id, entry, liveSources),
    log: log.scoped('registry'),
  });
  const services = new ServiceController(registries);
  const networkGateways = allGateways(registries, config.meshNetworks);
  const gatewayAddresses = gatewayAddressInput(engine);
  const inputs = meshInputs({
    config,
    services,
    settings,
    ingressNamespace: ingressNamespace(env),
    networkGateways,
    gatewayAddresses,
  });
  const mesh = createMesh(engine, inputs, env['COXSWAIN_SHARE_VIEWS'] !== 'false');
  const encoder = new ResourceEncoder({
    encodeAny: (message) => protos.encodeAny(message),
    encode: (typeName, message) => protos.encode(typeName, message),
    hash: hashBytes,
  });
  const hasSynced = () => config.hasSynced() && live.areAdded() && services.hasSynced();
  const patching = createPatching(engine, config.table('EnvoyFilter'), protos);
  const issues = engine.derived(
    (read) => [
      ...read(config.issues),
      ...read(services.issues),
      ...placed(config, [...read(mesh.gateways.issues).values(), ...read(mesh.telemetry.issues).values()].flat()),
      ...placed(config, read(patching.sets.issues)),
    ],
    sameMembers,
  );
  const served = viewKinds(mesh, { encoder, messages: new LbEndpoints({ flags }), patching, flags });
  const source = new XdsSource({ mesh, kinds: served, ready: hasSynced });
  return {
    engine,
    clusterId,
    config,
    registries,
    live,
    remotePods,
    services,
    networkGateways,
    gatewayAddresses,
    nameAddresses,
    issues,
    mesh,
    patching,
    source,
    hasSynced,
  };
}

/** Issues of objects, with the place in the user's file. */
function placed(config: ConfigController<ResolvedMeshConfig>, issues: readonly Issue[]): readonly Issue[] {
  return issues.map((issue) => {
    const position = issue.object && config.positionOf(issue.object, issue.path ?? []);
    return position === undefined ? issue : { ...issue, position };
  });
}

function sameMembers(a: readonly Issue[], b: readonly Issue[]): boolean {
  return a.length === b.length && a.every((issue, i) => issue === b[i]);
}

/** The default revision's ConfigMap has Istio's plain name. */
export function meshConfigMapName(revision: string): string {
  return revision === '' || revision === 'default' ? 'istio' : `istio-${revision}`;
}

function settingsOf(config: ResolvedMeshConfig, flags: FeatureFlags, domainSuffix: string): MeshSettings {
  return {
    config,
    flags,
    domainSuffix,
    rootNamespace: config.rootNamespace ?? 'istio-system',
    trustDomain: config.trustDomain ?? 'cluster.local',
  };
}
