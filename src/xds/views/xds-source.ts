import type { Node } from '../../envoy/generated/envoy/config/core/v3/Node.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { scopeKey } from '../../mesh/scope.ts';
import { parseNode } from '../node/parse-node.ts';
import { type ProxyScopes, proxyScopes } from '../node/proxy-scopes.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { ProxyViews } from './proxy-views.ts';
import { ResourceView } from './resource-view.ts';
import type { ViewKind } from './view-kind.ts';

export interface XdsSourceOptions {
  readonly mesh: Mesh;
  /** In push order: make before break. */
  readonly kinds: readonly ViewKind[];
  readonly ready: () => boolean;
}

/** Answers DiscoveryServer: admits nodes and chooses their views. */
export class XdsSource {
  private readonly options: XdsSourceOptions;
  private readonly views = new WeakMap<MapCell<EncodedResource>, ResourceView>();
  private made = 0;

  constructor(options: XdsSourceOptions) {
    this.options = options;
  }

  ready(): boolean {
    return this.options.ready();
  }

  admit(node: Node, variant: 'sotw' | 'delta'): ProxyViews | { readonly refused: string } {
    const proxy = parseNode(node);
    if ('refused' in proxy) return proxy;
    const { mesh, kinds } = this.options;
    const scopes = mesh.engine.derived<ProxyScopes>((read) => proxyScopes(mesh, read, proxy, variant), sameScopes);
    return new ProxyViews({
      engine: mesh.engine,
      nodeId: proxy.nodeId,
      scopes,
      kinds,
      viewOf: (kind, cell, of) => this.viewOf(kind, cell, of),
    });
  }

  private viewOf(kind: ViewKind, cell: MapCell<EncodedResource>, scopes: ProxyScopes): ResourceView {
    return this.views.get(cell) ?? this.make(kind, cell, scopes, this.layersOf(kind, cell, scopes));
  }

  private layersOf(kind: ViewKind, view: MapCell<EncodedResource>, scopes: ProxyScopes) {
    const layers = kind.layers?.(view);
    if (layers === undefined) return undefined;
    const [own, shared] = layers.map((cell) => this.views.get(cell) ?? this.make(kind, cell, scopes));
    return [own as ResourceView, shared as ResourceView] as const;
  }

  private make(kind: ViewKind, cell: MapCell<EncodedResource>, scopes: ProxyScopes, layers?: readonly [ResourceView, ResourceView]) {
    this.made += 1;
    const shortName = kind.typeUrl.slice(kind.typeUrl.lastIndexOf('.') + 1);
    const view = new ResourceView(`${shortName}-${this.made}`, cell, (name) => kind.absent?.(name, scopes), layers);
    this.views.set(cell, view);
    return view;
  }
}

function sameScopes(a: ProxyScopes, b: ProxyScopes): boolean {
  return scopeKey(a) === scopeKey(b);
}
