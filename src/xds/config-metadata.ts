import type { Metadata } from '../envoy/generated/envoy/config/core/v3/Metadata.ts';
import { toStruct } from '../lib/struct.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { kinds } from '../schema/kinds.ts';

/** API groups as Istio writes them, whatever version the user's document names. */
const groupVersions: Readonly<Record<string, string>> = {
  VirtualService: 'networking.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  Sidecar: 'networking.istio.io/v1',
};

/**
 * The object that a generated resource comes from, as Istio's `filter_metadata.istio.config` says it:
 * `/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews`. `rule` says which of its rules (`rule-place.ts`).
 */
export function buildConfigMetadata(source: ObjectRef, rule?: string): Metadata {
  return { filter_metadata: { istio: toStruct({ config: configPath(source), rule }) } };
}

export function configPath(source: ObjectRef): string {
  const groupVersion = groupVersions[source.kind] ?? 'networking.istio.io/v1';
  return `/apis/${groupVersion}/namespaces/${source.namespace}/${kebabOf(source.kind)}/${source.name}`;
}

/** The object that `configPath` names; undefined where the text names none of a kind that we read. */
export function objectOfConfigPath(path: string): ObjectRef | undefined {
  const [, , group, , , namespace, kebab, name] = path.split('/');
  const kind = kinds.find((each) => each.group === group && kebabOf(each.documentKind) === kebab);
  return kind === undefined || namespace === undefined || name === undefined ? undefined : { kind: kind.kind, namespace, name };
}

function kebabOf(kind: string): string {
  return kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
