import type { MeshConfigFormat } from '../config/mesh-config-holder.ts';
import { parseSpec } from '../schema/field/parse.ts';
import { defaultMeshConfig, type ResolvedMeshConfig } from '../schema/mesh-config/default-mesh-config.ts';
import { meshConfig } from '../schema/mesh-config/mesh-config.ts';
import { resolveMeshConfig } from '../schema/mesh-config/resolve-mesh-config.ts';

export type { ResolvedMeshConfig };

/** MeshConfig for the ConfigController: Istio's defaults, and a document laid over them. */
export const meshConfigFormat: MeshConfigFormat<ResolvedMeshConfig> = {
  defaults: defaultMeshConfig,
  parse: (document) => {
    const { value, issues } = parseSpec(meshConfig, document ?? {}, []);
    return value === undefined ? { issues } : { value: resolveMeshConfig(value), issues };
  },
};
