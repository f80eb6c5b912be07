import type { MeshConfigFormat } from '../config/mesh-config-holder.ts';
import { issuesOfFields } from '../schema/field-remarks/issues-of-fields.ts';
import { defaultMeshConfig, type ResolvedMeshConfig } from '../schema/mesh-config/default-mesh-config.ts';
import { parseMeshConfig } from '../schema/mesh-config/parse-mesh-config.ts';

export type { ResolvedMeshConfig };

/** MeshConfig for the ConfigController: Istio's defaults, and a document laid over them; a warning for each field that changes nothing. */
export const meshConfigFormat: MeshConfigFormat<ResolvedMeshConfig> = {
  defaults: defaultMeshConfig,
  parse: (document) => {
    const { value, issues } = parseMeshConfig(document ?? {});
    if (value === undefined) return { issues };
    return { value, issues: [...issues, ...issuesOfFields('MeshConfig', document, [])] };
  },
};
