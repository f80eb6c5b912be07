/** What lies in an etcd, past everything that checks it. Spoken over etcd's own JSON gateway. */
export class EtcdStore {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async isHealthy(): Promise<boolean> {
    return (await fetch(`${this.url}/health`)).ok;
  }

  async revision(): Promise<number> {
    const { header } = await this.call<{ readonly header: { readonly revision: string } }>('kv/range', { key: base64('/') });
    return Number(header.revision);
  }

  /** Keys below a prefix, in order. */
  async keys(prefix: string): Promise<readonly string[]> {
    const request = { key: base64(prefix), range_end: base64(after(prefix)), keys_only: true };
    const { kvs = [] } = await this.call<{ readonly kvs?: readonly { readonly key: string }[] }>('kv/range', request);
    return kvs.map(({ key }) => Buffer.from(key, 'base64').toString());
  }

  async get(key: string): Promise<Buffer | undefined> {
    const { kvs = [] } = await this.call<{ readonly kvs?: readonly { readonly value: string }[] }>('kv/range', { key: base64(key) });
    const [found] = kvs;
    return found && Buffer.from(found.value, 'base64');
  }

  async put(key: string, value: string | Buffer): Promise<void> {
    await this.call('kv/put', { key: base64(key), value: Buffer.from(value).toString('base64') });
  }

  async delete(key: string): Promise<void> {
    await this.call('kv/deleterange', { key: base64(key) });
  }

  /** Forgets the history up to now, as `etcdctl compact` does: a watch from before must then begin anew. */
  async compact(): Promise<void> {
    await this.call('kv/compaction', { revision: String(await this.revision()), physical: true });
  }

  private async call<T>(path: string, body: object): Promise<T> {
    const response = await fetch(`${this.url}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`etcd: ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The first key that does not begin with `prefix`. */
function after(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
