import type { IncomingMessage } from 'node:http';
import type { KubeHttp } from '../harness/servers/kube-http.ts';
import type { KubeObject } from './kube-objects.ts';

const retryMs = 250;

/** All objects of one kind, kept up to date by a watch. Whatever goes wrong, it lists again: slow, and plain enough for tests. */
export class WatchedObjects<T extends KubeObject> {
  readonly objects = new Map<string, T>();
  private readonly http: KubeHttp;
  private readonly path: string;
  private readonly changed: (key: string, object: T | undefined) => void;
  private watch: IncomingMessage | undefined;
  private isStopped = false;

  /** `path` lists them: `/api/v1/pods`. `changed` learns the key, `namespace/name`, and what is there now. */
  constructor(http: KubeHttp, path: string, changed: (key: string, object: T | undefined) => void) {
    this.http = http;
    this.path = path;
    this.changed = changed;
  }

  /** Resolves once all are there. */
  async start(): Promise<void> {
    const version = await this.list();
    void this.follow(version);
  }

  stop(): void {
    this.isStopped = true;
    this.watch?.destroy();
  }

  private async follow(from: string): Promise<void> {
    let version = from;
    while (!this.isStopped) {
      try {
        await this.watchFrom(version);
        version = await this.list();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        version = '0';
      }
    }
  }

  private async list(): Promise<string> {
    const { metadata, items } = await this.http.json<{ metadata: { resourceVersion: string }; items: readonly T[] }>(this.path);
    const found = new Map(items.map((object) => [keyOf(object), object]));
    for (const key of [...this.objects.keys()]) if (!found.has(key)) this.take(key, undefined);
    for (const [key, object] of found) {
      if (this.objects.get(key)?.metadata.resourceVersion !== object.metadata.resourceVersion) this.take(key, object);
    }
    return metadata.resourceVersion;
  }

  /** Resolves when the watch ends. */
  private async watchFrom(version: string): Promise<void> {
    if (version === '0') return;
    const response = await this.http.stream(`${this.path}?watch=1&resourceVersion=${version}`);
    this.watch = response;
    let rest = '';
    for await (const chunk of response.setEncoding('utf8')) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { type, object } = JSON.parse(line) as { readonly type: string; readonly object: T };
        if (type === 'ERROR') return;
        this.take(keyOf(object), type === 'DELETED' ? undefined : object);
      }
    }
  }

  private take(key: string, object: T | undefined): void {
    if (this.isStopped) return;
    if (object) this.objects.set(key, object);
    else this.objects.delete(key);
    this.changed(key, object);
  }
}

export function keyOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}
