import { parse, stringify } from 'yaml';
import type { ConfigObject } from '../../src/model/config-object.ts';
import type { Field } from '../../src/schema/field/field.ts';
import { parseSpec } from '../../src/schema/field/parse.ts';
import type { FieldOwner } from '../../src/schema/field-remarks/field-remark.ts';
import { kindOf } from '../../src/schema/kinds.ts';
import { meshConfig } from '../../src/schema/mesh-config/mesh-config.ts';
import { meshNetworks } from '../../src/schema/mesh-config/mesh-networks.ts';
import { parseMeshConfig, parseMeshNetworks } from '../../src/schema/mesh-config/parse-mesh-config.ts';
import type { KindName } from '../../src/schema/spec-by-kind.ts';
import type { TextSource } from '../harness/text-source.ts';
import { transplants } from './transplants.ts';

/** A document of a mesh, and how it is put there with other content. */
export interface FieldTrial {
  readonly owner: FieldOwner;
  readonly structure: Field;
  readonly value: unknown;
  /** False where the content is in error, and nothing happens. */
  readonly apply: (value: unknown) => boolean;
  /** The same past the rules that bind fields to each other: false where the structure alone forbids it. */
  readonly force: (value: unknown) => boolean;
  /** Takes away what the trial brought. */
  readonly end: () => void;
}

type Texts = Pick<TextSource, 'applyObjects' | 'applyMesh' | 'remove'>;

/** The object as it is, and where a part of it may stand elsewhere, with that part moved. */
export function trialsOf(texts: Texts, object: ConfigObject): readonly FieldTrial[] {
  return [
    objectTrial(texts, object, object, []),
    ...transplants(object).map((moved) => objectTrial(texts, moved.object, object, moved.routes)),
    ...networksTrial(texts, object),
  ];
}

function objectTrial(texts: Texts, object: ConfigObject, original: ConfigObject, beside: readonly ConfigObject[]): FieldTrial {
  const kind = kindOf(object.kind);
  if (kind === undefined) throw new Error(`no kind ${object.kind}`);
  const put = (value: unknown, isForced: boolean) => {
    const parsed = parseSpec(kind.spec, value, ['spec'], kind.dialect);
    if (!('value' in parsed)) return false;
    const changed = { ...object, spec: parsed.value };
    if (!isForced && kind.validate(changed).some(({ severity }) => severity === 'error')) return false;
    texts.applyObjects([changed, ...beside]);
    return true;
  };
  return {
    owner: object.kind as KindName,
    structure: kind.spec,
    value: object.spec,
    apply: (value) => put(value, false),
    force: (value) => put(value, true),
    end: () => {
      for (const { kind: other, namespace, name } of beside) texts.remove({ kind: other, namespace, name });
      texts.applyObjects([original]);
    },
  };
}

function networksTrial(texts: Texts, object: ConfigObject): readonly FieldTrial[] {
  const { data } = object.spec as { readonly data?: Readonly<Record<string, string>> };
  if (object.kind !== 'ConfigMap' || data?.['meshNetworks'] === undefined) return [];
  const apply = (value: unknown) => {
    if (parseMeshNetworks(value).value === undefined) return false;
    texts.applyObjects([{ ...object, spec: { data: { ...data, meshNetworks: stringify(value) } } }]);
    return true;
  };
  const value: unknown = parse(data['meshNetworks']);
  return [{ owner: 'MeshNetworks', structure: meshNetworks, value, apply, force: apply, end: () => texts.applyObjects([object]) }];
}

export function meshConfigTrial(texts: Texts, text: string): readonly FieldTrial[] {
  if (text === '') return [];
  const apply = (value: unknown) => {
    if (parseMeshConfig(value).value === undefined) return false;
    texts.applyMesh(JSON.stringify(value));
    return true;
  };
  return [{ owner: 'MeshConfig', structure: meshConfig, value: JSON.parse(text), apply, force: apply, end: () => texts.applyMesh(text) }];
}
