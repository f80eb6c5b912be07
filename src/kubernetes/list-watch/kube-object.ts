/** An object as the API server sends it; only what a list-watch itself looks at is described. */
export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly managedFields?: readonly { readonly time?: string }[];
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export function isKubeObject(json: unknown): json is KubeObject {
  if (typeof json !== 'object' || json === null || !('metadata' in json)) return false;
  const { metadata } = json;
  return typeof metadata === 'object' && metadata !== null && 'name' in metadata && typeof metadata.name === 'string';
}

/** `namespace/name`; `/name` without a namespace. */
export function kubeKey({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** When it was last written, as far as it says so: milliseconds since the epoch, to the second. */
export function writtenAt({ metadata }: KubeObject): number | undefined {
  let newest = '';
  if (!Array.isArray(metadata.managedFields)) return undefined;
  for (const field of metadata.managedFields as readonly { readonly time?: unknown }[]) {
    if (typeof field?.time === 'string' && field.time > newest) newest = field.time;
  }
  const time = Date.parse(newest);
  return Number.isNaN(time) ? undefined : time;
}

/** Without the book-keeping of writers, which can be most of an object. Changes what it is given. */
export function withoutBookkeeping<T extends KubeObject>(object: T): T {
  const metadata = object.metadata as { managedFields?: unknown; annotations?: unknown };
  delete metadata.managedFields;
  const { annotations } = metadata;
  if (typeof annotations === 'object' && annotations !== null) delete (annotations as Record<string, unknown>)[lastApplied];
  return object;
}
