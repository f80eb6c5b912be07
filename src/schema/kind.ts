/** One config kind: how it is named, structured and validated. */

import type { ConfigObject } from '../model/config-object.ts';
import type { Issue } from '../model/issue.ts';
import type { Field, Infer } from './field/field.ts';
import type { Dialect } from './field/parse-context.ts';

export interface Kind {
  /** Unique among all kinds: the `kind` of its ConfigObjects. Gateway API's Gateway is `KubernetesGateway`, as in Istio's gvk package. */
  readonly kind: string;
  /** The `kind` that documents state; differs from `kind` for `KubernetesGateway` alone. */
  readonly documentKind: string;
  readonly plural: string;
  /** API group; empty for Kubernetes' core group. */
  readonly group: string;
  /** The first is the one to write. */
  readonly versions: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  /** Whether ConfigObject.spec is the document's `spec`, or its whole body without apiVersion, kind and metadata. */
  readonly root: 'spec' | 'body';
  readonly dialect: Dialect;
  readonly spec: Field;
  /** The rules beyond structure; called with objects of this kind only, and never throws. */
  validate(object: ConfigObject): readonly Issue[];
}

interface KindOptions<F extends Field> extends Omit<Kind, 'spec' | 'validate' | 'documentKind'> {
  readonly documentKind?: string;
  readonly spec: F;
  readonly validate?: (object: ConfigObject<Infer<F>>) => readonly Issue[];
}

export function defineKind<F extends Field>(options: KindOptions<F>): Kind {
  const { validate, documentKind = options.kind, ...rest } = options;
  return {
    ...rest,
    documentKind,
    validate: (object) => validate?.(object as ConfigObject<Infer<F>>) ?? [],
  };
}
