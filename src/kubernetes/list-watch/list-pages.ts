import type { KubeClient } from '../kube-client.ts';
import { isKubeObject, type KubeObject, kubeKey } from './kube-object.ts';
import { acceptOfList, type KubeResource, resourceApiVersion, resourcePath, selectorsOf } from './kube-resource.ts';
import { UnusableAnswerError } from './retry-policy.ts';

const pageSize = 500;
/** A page of large objects out of a busy etcd takes its time. */
const pageTimeoutMs = 60_000;

export interface ListPagesOptions<T> {
  readonly client: KubeClient;
  readonly resource: KubeResource;
  /** No older state than this is an answer; empty: the newest. */
  readonly notOlderThan: string;
  /** Whether this version of the object is at hand already: then it is not converted again. */
  readonly isKnown: (key: string, version: string) => boolean;
  readonly convert: (object: KubeObject) => T;
  readonly signal: AbortSignal;
}

export interface Listed<T> {
  readonly resourceVersion: string;
  /** Everything that is there, by `namespace/name`. */
  readonly versions: ReadonlyMap<string, string>;
  /** What was not known. */
  readonly values: ReadonlyMap<string, T>;
}

interface Page {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly unknown[] | null;
}

/** Reads a collection page by page. Rejects where any page fails: a part of a list says nothing. */
export async function listPages<T>(options: ListPagesOptions<T>): Promise<Listed<T>> {
  const versions = new Map<string, string>();
  const values = new Map<string, T>();
  let token = '';
  for (;;) {
    const page = await readPage(options, token);
    for (const item of page.items ?? []) take(options, item, versions, values);
    const { continue: next = '', resourceVersion = '' } = page.metadata ?? {};
    if (next === '') return { resourceVersion, versions, values };
    if (next === token) throw new UnusableAnswerError(`${resourcePath(options.resource)}: the server gives the same page again and again`);
    token = next;
  }
}

/** A page knows by its token which state it is of; the version may be named for the first one alone. */
async function readPage<T>({ client, resource, notOlderThan, signal }: ListPagesOptions<T>, token: string): Promise<Page> {
  const query: Record<string, string> = { ...selectorsOf(resource), limit: String(pageSize) };
  if (token !== '') query['continue'] = token;
  else if (notOlderThan !== '') Object.assign(query, { resourceVersion: notOlderThan, resourceVersionMatch: 'NotOlderThan' });
  const path = resourcePath(resource);
  const page = await client.request({ method: 'GET', path, query, signal, timeoutMs: pageTimeoutMs, ...acceptOfList(resource) });
  if (typeof page !== 'object' || page === null || !Array.isArray((page as Page).items ?? []))
    throw new UnusableAnswerError(`${path}: the answer is no list`);
  return page;
}

function take<T>(options: ListPagesOptions<T>, item: unknown, versions: Map<string, string>, values: Map<string, T>): void {
  if (!isKubeObject(item)) return;
  const key = kubeKey(item);
  const version = item.metadata.resourceVersion ?? '';
  versions.set(key, version);
  if (options.isKnown(key, version)) return;
  // Lists of the server's own kinds leave out what is the same for each item.
  const { kind } = options.resource;
  values.set(key, options.convert({ ...item, apiVersion: resourceApiVersion(options.resource), kind } as KubeObject));
}
