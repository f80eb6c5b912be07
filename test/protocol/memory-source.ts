// A ResourceSource whose resources a test sets by hand.

import { stringField } from '../../src/discovery/protobuf-fields.ts';
import type { EncodedResource, ProxyHandle, ResourceSource, ResourceView } from '../../src/discovery/resource-source.ts';
import type { Node } from '../../src/envoy/generated/envoy/config/core/v3/Node.ts';
import type { TypeUrlName } from '../../src/envoy/type-urls.ts';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { hashBytes } from '../../src/lib/hash.ts';

/** A resource with some content; the first field is the name, as in clusters, listeners and route configurations. */
export function encodeResource(typeUrl: string, name: string, content: string): EncodedResource {
  const value = Buffer.concat([stringField(1, name), stringField(2, content)]);
  const any = Buffer.concat([stringField(1, typeUrl), Buffer.from([0x12]), lengthOf(value), value]);
  return { name, version: hashBytes(any), any };
}

function lengthOf(bytes: Buffer): Buffer {
  return stringField(2, 'x'.repeat(bytes.length)).subarray(1, -bytes.length);
}

/** One view, with a journal that can be cut. */
export class MemoryView implements ResourceView {
  readonly key: string;
  /** Reading throws while this is set. */
  broken = false;
  private readonly typeUrl: string;
  private readonly entries = new Map<string, EncodedResource>();
  private readonly contents = new Map<string, string>();
  private journal: { readonly at: number; readonly name: string }[] = [];
  private journalFrom = 0;
  private changedAt = 1;

  constructor(key: string, typeUrl: string) {
    this.key = key;
    this.typeUrl = typeUrl;
  }

  revision(): number {
    if (this.broken) throw new Error('the generator is broken');
    return this.changedAt;
  }

  get(name: string): EncodedResource | undefined {
    if (this.broken) throw new Error('the generator is broken');
    return this.entries.get(name);
  }

  all(): ReadonlyMap<string, EncodedResource> {
    return this.entries;
  }

  changedSince(revision: number): ReadonlySet<string> | undefined {
    if (revision < this.journalFrom) return undefined;
    return new Set(this.journal.filter((entry) => entry.at > revision).map((entry) => entry.name));
  }

  absent(name: string): EncodedResource | undefined {
    return this.typeUrl === typeUrls.EDS || this.typeUrl === typeUrls.VHDS ? encodeResource(this.typeUrl, name, '') : undefined;
  }

  contentOf(name: string): string | undefined {
    return this.contents.get(name);
  }

  /** True where it made a difference. */
  put(name: string, content: string | undefined): boolean {
    const resource = content === undefined ? undefined : encodeResource(this.typeUrl, name, content);
    if (this.entries.get(name)?.version === resource?.version) return false;
    if (resource) this.entries.set(name, resource);
    else this.entries.delete(name);
    if (content === undefined) this.contents.delete(name);
    else this.contents.set(name, content);
    this.journal.push({ at: ++this.changedAt, name });
    return true;
  }

  cutJournal(): void {
    this.journal = [];
    this.journalFrom = this.changedAt;
  }
}

class MemoryProxy implements ProxyHandle {
  readonly nodeId: string;
  /** Type URLs whose views were not read since they changed; empty text for all. */
  private readonly stale = new Set<string>();
  private readonly source: MemorySource;
  private listener: ((typeUrl?: string) => void) | undefined;

  constructor(nodeId: string, source: MemorySource) {
    this.nodeId = nodeId;
    this.source = source;
  }

  view(typeUrl: string): ResourceView | undefined {
    this.stale.delete(typeUrl);
    this.stale.delete('');
    return this.source.viewFor(this.nodeId, typeUrl);
  }

  onStale(listener: (typeUrl?: string) => void): void {
    this.listener = listener;
  }

  markStale(typeUrl?: string): void {
    const key = typeUrl ?? '';
    if (this.stale.has(key)) return;
    this.stale.add(key);
    this.listener?.(typeUrl);
  }

  close(): void {
    this.source.proxies.delete(this);
  }
}

export class MemorySource implements ResourceSource {
  isReady = true;
  /** Refuses every node with this sentence. */
  refusal: string | undefined;
  readonly proxies = new Set<MemoryProxy>();
  private readonly views = new Map<string, MemoryView>();
  private readonly moved = new Map<string, string>();

  ready(): boolean {
    return this.isReady;
  }

  admit(node: Node): ProxyHandle | { readonly refused: string } {
    if (this.refusal !== undefined) return { refused: this.refusal };
    const proxy = new MemoryProxy(node.id ?? '', this);
    this.proxies.add(proxy);
    return proxy;
  }

  /** Makes edits that are one change: proxies hear of it once, afterwards. `undefined` removes. */
  change(edits: Partial<Record<TypeUrlName, Readonly<Record<string, string | undefined>>>>, viewKey = 'all'): void {
    const changed = new Set<string>();
    for (const [type, entries] of Object.entries(edits)) {
      const view = this.view(type as TypeUrlName, viewKey);
      for (const [name, content] of Object.entries(entries)) if (view.put(name, content)) changed.add(typeUrls[type as TypeUrlName]);
    }
    for (const typeUrl of changed) for (const proxy of this.proxies) proxy.markStale(typeUrl);
  }

  view(type: TypeUrlName, key = 'all'): MemoryView {
    const id = `${key} ${typeUrls[type]}`;
    const view = this.views.get(id) ?? new MemoryView(key, typeUrls[type]);
    this.views.set(id, view);
    return view;
  }

  /** What a subscriber of that name should hold, undefined for nothing. */
  contentOf(type: TypeUrlName, viewKey: string, name: string): string | undefined {
    const content = this.view(type, viewKey).contentOf(name);
    return content ?? (type === 'EDS' ? '' : undefined);
  }

  /** Forgets everything; no proxy may be connected. */
  clear(): void {
    this.views.clear();
    this.moved.clear();
  }

  /** Gives a proxy other views from now on. */
  move(nodeId: string, viewKey: string): void {
    this.moved.set(nodeId, viewKey);
    this.markStale();
  }

  viewFor(nodeId: string, typeUrl: string): ResourceView | undefined {
    return this.views.get(`${this.moved.get(nodeId) ?? 'all'} ${typeUrl}`);
  }

  markStale(): void {
    for (const proxy of this.proxies) proxy.markStale();
  }
}
