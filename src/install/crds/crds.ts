import { compareText } from '../../model/config-object.ts';
import type { Kind } from '../../schema/kind.ts';
import { kinds } from '../../schema/kinds.ts';
import type { KubeObject } from '../kube-object.ts';
import { crdTraits } from './crd-traits.ts';
import { type OpenApi, openApiOf } from './open-api.ts';

/** The kinds that come with Coxswain: Istio's and our own. Kubernetes' are built in, the Gateway API's are installed by their project. */
export const ownKinds: readonly Kind[] = kinds.filter((kind) => kind.root === 'spec' && kind.group !== 'gateway.networking.k8s.io');

/** Every CustomResourceDefinition, in the order of their names. */
export function buildCrds(): readonly KubeObject[] {
  return ownKinds.map(buildCrd).sort((a, b) => compareText(a.metadata.name, b.metadata.name));
}

/** Labels that Istio's own definitions have, and by which tools find them. */
const labels = { app: 'istio-pilot', chart: 'istio', heritage: 'Tiller', release: 'istio' } as const;

function buildCrd(kind: Kind): KubeObject {
  const { shortNames, storage = kind.versions[0] } = crdTraits[kind.kind] ?? {};
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${kind.plural}.${kind.group}`,
      labels,
      // Helm must not delete every object of a kind with the chart.
      annotations: { 'helm.sh/resource-policy': 'keep' },
    },
    spec: {
      group: kind.group,
      names: {
        kind: kind.documentKind,
        listKind: `${kind.documentKind}List`,
        plural: kind.plural,
        singular: kind.documentKind.toLowerCase(),
        ...(shortNames && { shortNames }),
        categories: ['istio-io', kind.group.replaceAll('.', '-')],
      },
      scope: kind.scope,
      versions: kind.versions.map((version) => versionOf(kind, version, version === storage)),
    },
  };
}

function versionOf(kind: Kind, name: string, storage: boolean): OpenApi {
  const { columns, needsSpec } = crdTraits[kind.kind] ?? {};
  return {
    name,
    served: true,
    storage,
    schema: {
      openAPIV3Schema: {
        type: 'object',
        ...(needsSpec && { required: ['spec'] }),
        properties: { spec: specOf(kind), status: statusSchema },
      },
    },
    subresources: { status: {} },
    ...(columns && {
      additionalPrinterColumns: columns.map(([column, jsonPath]) => ({
        name: column,
        type: column === 'Age' ? 'date' : 'string',
        jsonPath,
      })),
    }),
  };
}

function specOf(kind: Kind): OpenApi {
  let spec = openApiOf(kind.spec);
  for (const [path, alias, field] of crdTraits[kind.kind]?.aliases ?? []) spec = withAlias(spec, path, alias, field);
  return spec;
}

/** A copy of a schema in which the object (or the items of the list) at the path takes the field under a second name too. */
function withAlias(schema: OpenApi, path: readonly string[], alias: string, field: string): OpenApi {
  if (schema['type'] === 'array') return { ...schema, items: withAlias(schema['items'] as OpenApi, path, alias, field) };
  const properties = schema['properties'] as Readonly<Record<string, OpenApi>>;
  const [first, ...rest] = path;
  const changed = first === undefined ? { [alias]: properties[field] } : { [first]: withAlias(properties[first]!, rest, alias, field) };
  return { ...schema, properties: { ...properties, ...changed } };
}

/** Whoever writes a status may say more than this: the API server keeps it. */
const statusSchema: OpenApi = {
  type: 'object',
  properties: {
    conditions: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          status: { type: 'string' },
          reason: { type: 'string' },
          message: { type: 'string' },
          lastProbeTime: { type: 'string', format: 'date-time' },
          lastTransitionTime: { type: 'string', format: 'date-time' },
          observedGeneration: { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true },
        },
      },
    },
  },
  'x-kubernetes-preserve-unknown-fields': true,
};
