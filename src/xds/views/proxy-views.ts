import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import type { EncodedResource } from './encoded-resource.ts';
import type { ResourceView } from './resource-view.ts';
import type { ViewKind } from './view-kind.ts';

export interface ProxyViewsOptions {
  readonly engine: Engine;
  readonly nodeId: string;
  readonly scopes: Cell<ProxyScopes>;
  readonly kinds: readonly ViewKind[];
  /** The one shared view around a map. */
  readonly viewOf: (kind: ViewKind, cell: MapCell<EncodedResource>, scopes: ProxyScopes) => ResourceView;
}

interface Held {
  readonly view: ResourceView;
  readonly release: () => void;
}

/** The views of one connected proxy. Holds them alive, and moves on to others when the proxy's scopes change. */
export class ProxyViews {
  readonly nodeId: string;
  private readonly options: ProxyViewsOptions;
  private readonly held = new Map<string, Held>();
  private readonly releaseScopes: () => void;
  private chosenFor: ProxyScopes | undefined;
  private listener: ((typeUrl?: string) => void) | undefined;
  private isClosed = false;

  constructor(options: ProxyViewsOptions) {
    this.nodeId = options.nodeId;
    this.options = options;
    this.releaseScopes = options.engine.observe(options.scopes, () => this.listener?.());
  }

  view(typeUrl: string): ResourceView | undefined {
    this.choose();
    return this.held.get(typeUrl)?.view;
  }

  scopes(): ProxyScopes {
    return this.options.scopes.get();
  }

  onStale(listener: (typeUrl?: string) => void): void {
    this.listener = listener;
  }

  close(): void {
    this.isClosed = true;
    this.listener = undefined;
    this.releaseScopes();
    for (const { release } of this.held.values()) release();
    this.held.clear();
  }

  private choose(): void {
    const scopes = this.options.scopes.get();
    if (scopes === this.chosenFor || this.isClosed) return;
    this.chosenFor = scopes;
    const replaced: Held[] = [];
    for (const kind of this.options.kinds) {
      const cell = kind.choose(scopes);
      const before = this.held.get(kind.typeUrl);
      if (before?.view.cell === cell) continue;
      if (cell === undefined) this.held.delete(kind.typeUrl);
      else {
        const release = this.options.engine.observe(cell, () => this.listener?.(kind.typeUrl));
        this.held.set(kind.typeUrl, { view: this.options.viewOf(kind, cell, scopes), release });
      }
      if (before) replaced.push(before);
    }
    // Whoever was sent the old view takes the difference in this turn: released at once, it would be forgotten before.
    if (replaced.length > 0) queueMicrotask(() => letGo(replaced));
  }
}

function letGo(replaced: readonly Held[]): void {
  for (const { release } of replaced) release();
}
