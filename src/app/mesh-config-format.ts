import type { MeshConfigFormat } from '../config/mesh-config-holder.ts';
import { defaultMeshConfig, type ResolvedMeshConfig } from '../schema/mesh-config/default-mesh-config.ts';
import { parseMeshConfig } from '../schema/mesh-config/parse-mesh-config.ts';

export type { ResolvedMeshConfig };

/** MeshConfig for the ConfigController: Istio's defaults, and a document laid over them. */
export const meshConfigFormat: MeshConfigFormat<ResolvedMeshConfig> = {
  defaults: defaultMeshConfig,
  parse: (document) => parseMeshConfig(document ?? {}),
};
