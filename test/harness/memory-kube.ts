import { KubeApiError } from '../../src/kubernetes/kube-api-error.ts';
import type { KubeClient, KubeRequest } from '../../src/kubernetes/kube-client.ts';

/** An object as it is stored. */
export interface StoredObject {
  metadata: { name: string; namespace?: string; resourceVersion: string; generation?: number; [field: string]: unknown };
  [field: string]: unknown;
}

/**
 * An API server in memory, as far as single objects go: create, read, list, replace, JSON merge patch (also of `/status`), delete, versions
 * that conflict, and watches that end with the first change of their collection. What it was asked is recorded.
 */
export class MemoryKube implements KubeClient {
  readonly server = 'memory:';
  readonly requests: KubeRequest[] = [];
  readonly objects = new Map<string, StoredObject>();
  /** Called before a request is answered; may throw what the server should answer, or wait. */
  before: (request: KubeRequest) => void | Promise<void> = () => {};
  private version = 0;
  private readonly watchers = new Set<{ readonly path: string; readonly wake: () => void }>();

  async request(request: KubeRequest): Promise<unknown> {
    this.requests.push(request);
    if (!Number.isInteger(request.timeoutMs ?? 0)) throw new RangeError('a timer counts whole milliseconds');
    await this.before(request);
    return structuredClone(this.answer(request));
  }

  async stream(request: KubeRequest): Promise<AsyncIterable<Uint8Array>> {
    this.requests.push(request);
    await this.before(request);
    const { path, signal } = request;
    const since = Number(request.query?.['resourceVersion'] ?? 0);
    const isBehind = [...this.objects].some(
      ([key, object]) => key.startsWith(`${path}/`) && Number(object.metadata.resourceVersion) > since,
    );
    const { promise, resolve } = Promise.withResolvers<void>();
    const watcher = { path, wake: resolve };
    this.watchers.add(watcher);
    signal?.addEventListener('abort', () => resolve(), { once: true });
    if (isBehind || signal?.aborted) resolve();
    const end = () => this.watchers.delete(watcher);
    return (async function* () {
      await promise;
      end();
      if (!signal?.aborted) yield Buffer.from('{}\n');
    })();
  }

  /** Requests that change something, as `METHOD path`. */
  writes(): readonly string[] {
    return this.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  }

  /** Writes an object as somebody else would. */
  put(path: string, object: Readonly<Record<string, unknown>>): StoredObject {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const stored: StoredObject = { ...structuredClone(object), metadata: { ...(object['metadata'] as object), name, resourceVersion: '' } };
    return this.store(path, stored);
  }

  get(path: string): StoredObject {
    const object = this.objects.get(path);
    if (object === undefined) throw new KubeApiError(`${path}: not found`, { status: 404, reason: 'NotFound' });
    return object;
  }

  private answer({ method, path, body }: KubeRequest): unknown {
    const target = path.replace(/\/status$/, '');
    switch (method) {
      case 'GET':
        return this.objects.has(path) || !this.isCollection(path) ? this.get(path) : this.list(path);
      case 'POST':
        return this.create(path, body as StoredObject);
      case 'PUT':
        return this.replace(target, body as StoredObject);
      case 'PATCH':
        return this.patch(target, body as Readonly<Record<string, unknown>>);
      case 'DELETE': {
        const object = this.get(path);
        this.objects.delete(path);
        this.wake(path);
        return object;
      }
    }
  }

  /** Plural names stand at places that objects never do: the parts after the version, or after `namespaces/NAME`, are odd in number. */
  private isCollection(path: string): boolean {
    const parts = path.split('/').slice(path.startsWith('/apis/') ? 4 : 3);
    return (parts[0] === 'namespaces' && parts.length > 2 ? parts.length - 2 : parts.length) % 2 === 1;
  }

  private list(path: string): object {
    const plural = path.slice(path.lastIndexOf('/') + 1);
    const root = path.slice(0, path.length - plural.length);
    const items = [...this.objects].filter(([key]) => key.startsWith(root) && key.split('/').at(-2) === plural).map(([, object]) => object);
    return { items, metadata: { resourceVersion: String(this.version) } };
  }

  private create(path: string, object: StoredObject): StoredObject {
    const key = `${path}/${object.metadata.name}`;
    if (this.objects.has(key)) throw new KubeApiError(`${key} exists`, { status: 409, reason: 'AlreadyExists' });
    return this.store(key, structuredClone(object));
  }

  private replace(path: string, object: StoredObject): StoredObject {
    this.expectVersion(path, object.metadata.resourceVersion);
    return this.store(path, structuredClone(object));
  }

  private patch(path: string, patch: Readonly<Record<string, unknown>>): StoredObject {
    const stated = (patch['metadata'] as { readonly resourceVersion?: string } | undefined)?.resourceVersion;
    this.expectVersion(path, stated);
    const merged = mergePatch(this.get(path), structuredClone(patch)) as StoredObject;
    return JSON.stringify(merged) === JSON.stringify(this.get(path)) ? merged : this.store(path, merged);
  }

  private expectVersion(path: string, version: string | undefined): void {
    if (version !== undefined && this.get(path).metadata.resourceVersion !== version)
      throw new KubeApiError(`${path} has changed`, { status: 409, reason: 'Conflict' });
  }

  private store(key: string, object: StoredObject): StoredObject {
    const generation = (this.objects.get(key)?.metadata.generation ?? 0) + (this.hasNewSpec(key, object) ? 1 : 0);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version), generation } };
    this.objects.set(key, stored);
    this.wake(key);
    return stored;
  }

  private hasNewSpec(key: string, object: StoredObject): boolean {
    return JSON.stringify(this.objects.get(key)?.['spec']) !== JSON.stringify(object['spec']) || !this.objects.has(key);
  }

  private wake(key: string): void {
    for (const { path, wake } of this.watchers) if (key.startsWith(`${path}/`)) wake();
  }
}

/** RFC 7396. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
