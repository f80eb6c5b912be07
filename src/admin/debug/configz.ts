import type { MapCell } from '../../incremental/cell.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Kind } from '../../schema/kind.ts';
import type { HttpEndpoint } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import { LazyArray } from '../json-chunks.ts';
import type { DebugContext } from './debug-context.ts';

/** `/debug/configz`: every object of Istio's and the Gateway API's kinds, as Kubernetes would show it. Secrets and pods are not configuration. */
export function configz({ kinds, table }: DebugContext): HttpEndpoint {
  const shown = kinds.filter(({ root }) => root === 'spec');
  return {
    path: '/debug/configz',
    help: "The objects of Istio's and the Gateway API's kinds",
    answer: (query) => {
      const tables = shown.map((kind) => [kind, table(kind.kind).get()] as const);
      return jsonAnswer(new LazyArray(each(tables)), query);
    },
  };
}

function* each(tables: readonly (readonly [Kind, ReturnType<MapCell<ConfigObject>['get']>])[]): Generator<object> {
  for (const [kind, objects] of tables) for (const object of objects.values()) yield objectJson(kind, object);
}

function objectJson(kind: Kind, object: ConfigObject): object {
  const { apiVersion, name, namespace, labels, annotations, createdAt, uid, spec, status } = object;
  return {
    kind: kind.documentKind,
    apiVersion,
    metadata: {
      name,
      ...(namespace === '' ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      creationTimestamp: createdAt === 0 ? null : new Date(createdAt).toISOString(),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec,
    ...(status === undefined ? {} : { status }),
  };
}
