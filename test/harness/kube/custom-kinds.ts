import type { Kind } from '../../../src/schema/kind.ts';
import { kinds } from '../../../src/schema/kinds.ts';

/** Every kind that an API server has only by a CRD. */
export const customKinds: readonly Kind[] = kinds.filter(
  ({ group }) => group.includes('.') && group !== 'discovery.k8s.io' && group !== 'networking.k8s.io',
);

/** The name of a kind's CRD. */
export function crdName({ plural, group }: Kind): string {
  return `${plural}.${group}`;
}

export interface CrdVersions {
  readonly versions?: readonly string[];
  readonly stored?: string | undefined;
  /** Those of `versions` that are served; all by default. */
  readonly served?: readonly string[];
}

/** A CRD that takes any content, so that tests can put nonsense into the API server. */
export function looseCrd(kind: Kind, { versions = kind.versions, stored = versions[0], served = versions }: CrdVersions = {}): object {
  const { group, plural, documentKind, scope } = kind;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const version = (name: string) => ({
    name,
    served: served.includes(name),
    storage: name === stored,
    schema,
    subresources: { status: {} },
  });
  // the API server wants to be told that somebody approved a CRD of its own community's groups
  const annotations = { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/2997' };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: crdName(kind), annotations },
    spec: {
      group,
      scope,
      names: { plural, singular: documentKind.toLowerCase(), kind: documentKind, listKind: `${documentKind}List` },
      versions: versions.map(version),
    },
  };
}
