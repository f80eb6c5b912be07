import type { Cell, MapCell } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import { deepEqual } from '../lib/deep-equal.ts';
import type { ConfigObject } from '../model/config-object.ts';
import type { ServiceEntryVisibility } from '../schema/mesh-config/mesh-config.ts';
import type { MeshNetworks } from '../schema/mesh-config/mesh-networks.ts';
import { networkLabel } from './augment-labels.ts';
import { type NetworkRules, networkRules } from './networks/network-rules.ts';

/** The part of MeshConfig that registries read. */
export interface RegistryMeshConfig {
  readonly trustDomain?: string | undefined;
  readonly defaultServiceExportTo?: readonly string[] | undefined;
  readonly rootNamespace?: string | undefined;
  readonly serviceEntryVisibility?: ServiceEntryVisibility | undefined;
}

/** Where a registry learns about the mesh as a whole. */
export interface MeshSources {
  readonly engine: Engine;
  readonly clusterId: string;
  readonly namespaces: MapCell<ConfigObject>;
  readonly meshConfig: Cell<RegistryMeshConfig>;
  readonly meshNetworks?: Cell<MeshNetworks>;
}

/** What a registry takes out of them, so that an unrelated setting recomputes nothing. */
export interface MeshFacts {
  readonly trustDomain: string;
  readonly defaultServiceExportTo: readonly string[];
  readonly networks: NetworkRules;
  readonly serviceEntryVisibility?: ServiceEntryVisibility;
}

export function meshFacts(sources: MeshSources): Cell<MeshFacts> {
  const { engine, clusterId, namespaces, meshConfig, meshNetworks } = sources;
  return engine.derived((read) => {
    const mesh = read(meshConfig);
    const systemNamespace = read(namespaces.at(`/${mesh.rootNamespace || 'istio-system'}`));
    return {
      trustDomain: mesh.trustDomain || 'cluster.local',
      defaultServiceExportTo: mesh.defaultServiceExportTo ?? [],
      ...(mesh.serviceEntryVisibility && { serviceEntryVisibility: mesh.serviceEntryVisibility }),
      networks: networkRules(clusterId, systemNamespace?.labels[networkLabel] ?? '', meshNetworks ? read(meshNetworks) : {}),
    };
  }, deepEqual);
}
