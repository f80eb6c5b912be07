/** Names one configuration object: what provenance, issues and metadata point at. */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `Kind/namespace/name`: the form used as a key, in logs and in issues. */
export function formatRef(ref: ObjectRef): string {
  return `${ref.kind}/${ref.namespace}/${ref.name}`;
}
