import type { Cell } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import type { Issue } from '../model/issue.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { issuesOfFields } from '../schema/field-remarks/issues-of-fields.ts';
import type { MeshNetworks } from '../schema/mesh-config/mesh-networks.ts';
import { parseMeshNetworks } from '../schema/mesh-config/parse-mesh-config.ts';
import { type MeshConfigFormat, MeshConfigHolder, type MeshConfigText } from './mesh-config-holder.ts';

/** The two texts about the mesh as a whole, under the keys that the ConfigMap `istio` has for them. */
export const meshDocumentKeys = ['mesh', 'meshNetworks'] as const;
export type MeshDocumentKey = (typeof meshDocumentKeys)[number];

/** A text as a source states it, in a file. */
export interface StatedText {
  readonly text: string;
  readonly file: string;
}

const networksFormat: MeshConfigFormat<MeshNetworks> = {
  defaults: {},
  parse: (document) => {
    const { value, issues } = parseMeshNetworks(document ?? {});
    return value === undefined ? { issues } : { value, issues: [...issues, ...issuesOfFields('MeshNetworks', value, [])] };
  },
};

/** MeshConfig and MeshNetworks, each out of the place that counts for it. */
export class MeshDocuments<M> {
  readonly mesh: Cell<M>;
  readonly meshNetworks: Cell<MeshNetworks>;
  private readonly meshHolder: MeshConfigHolder<M>;
  private readonly holders: Readonly<Record<MeshDocumentKey, Pick<MeshConfigHolder<unknown>, 'offer'>>>;

  constructor(engine: Engine, meshFormat: MeshConfigFormat<M>) {
    const mesh = new MeshConfigHolder(engine, meshFormat);
    const meshNetworks = new MeshConfigHolder(engine, networksFormat);
    this.mesh = mesh.cell;
    this.meshNetworks = meshNetworks.cell;
    this.meshHolder = mesh;
    this.holders = { mesh, meshNetworks };
  }

  /** What `mesh` holds, without settling anything. */
  currentMesh(): M {
    return this.meshHolder.value;
  }

  /** Takes the text of one document as it is now; returns what is wrong with it, or undefined where nothing changed. */
  offer(key: MeshDocumentKey, source: MeshConfigText | undefined): readonly Issue[] | undefined {
    return this.holders[key].offer(source);
  }
}

/** What a ConfigMap says under one of its keys. */
export function textOfConfigMap(spec: unknown, object: ObjectRef, key: MeshDocumentKey): MeshConfigText | undefined {
  const text = (spec as { readonly data?: Readonly<Record<string, unknown>> } | undefined)?.data?.[key];
  return typeof text === 'string' ? { text, object, key } : undefined;
}
