import type { Field } from '../field/field.ts';
import { kindOf } from '../kinds.ts';
import { meshConfig } from '../mesh-config/mesh-config.ts';
import { meshNetworks } from '../mesh-config/mesh-networks.ts';
import { extensionRemarks } from './extension-remarks.ts';
import { covers, type FieldOwner, type FieldRemark } from './field-remark.ts';
import { istioRemarks } from './istio-remarks.ts';
import { kubernetesRemarks } from './kubernetes-remarks.ts';
import { meshConfigRemarks } from './mesh-config-remarks.ts';

/** Every remark about fields. `test/fields` compares them with what fields really do. */
export const fieldRemarks: readonly FieldRemark[] = [...istioRemarks, ...extensionRemarks, ...meshConfigRemarks, ...kubernetesRemarks];

/** The remark about a field, by its path in the schema; undefined: it has its effect. */
export function remarkAbout(owner: string, path: string): FieldRemark | undefined {
  return fieldRemarks.find((remark) => remark.owner === owner && remark.paths.some((covering) => covers(covering, path)));
}

/** The structure whose fields are meant. */
export function structureOf(owner: FieldOwner): Field {
  if (owner === 'MeshConfig') return meshConfig;
  if (owner === 'MeshNetworks') return meshNetworks;
  const kind = kindOf(owner);
  if (kind === undefined) throw new Error(`no kind ${owner}`);
  return kind.spec;
}
