import type { ObjectRef } from './object-ref.ts';

/**
 * One object of one kind after parsing: what a file, the API server or any other source hands to the ConfigController.
 * `spec` has the shape the kind's schema infers (see `schema/kinds.ts`): for Istio and Gateway API kinds the content of
 * `spec`, for Kubernetes kinds (Service, Pod, ...) the whole body without apiVersion, kind and metadata.
 */
export interface ConfigObject<S = unknown> {
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  /** `default` where the document names none; empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; 0 where the source knows no creation time (files): ties go by namespace, then name. */
  readonly createdAt: number;
  readonly uid?: string;
  /** Kubernetes `metadata.generateName`: there on pods that a controller made. */
  readonly generateName?: string;
  /** The owner reference with `controller: true`; pods get their workload name from it. */
  readonly owner?: { readonly kind: string; readonly name: string };
  /** Kubernetes `metadata.deletionTimestamp` is set: the object is going away. */
  readonly isTerminating?: boolean;
  readonly spec: S;
  readonly status?: unknown;
}

export function refOf(object: ConfigObject): ObjectRef {
  return { kind: object.kind, namespace: object.namespace, name: object.name };
}

/** The key of an object inside the table of its kind. */
export function objectKey(object: { readonly namespace: string; readonly name: string }): string {
  return `${object.namespace}/${object.name}`;
}

/** Istio's order between objects that compete: oldest first, then name, then namespace (`sortConfigByCreationTime`). */
export function byAge(a: ConfigObject, b: ConfigObject): number {
  return a.createdAt - b.createdAt || compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}

/** Orders by UTF-16 code units: the same in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
