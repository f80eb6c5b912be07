import type { ProxyHandle, ResourceSource, ResourceView } from '../../discovery/resource-source.ts';
import type { Node } from '../../envoy/generated/envoy/config/core/v3/Node.ts';

export interface DebugSourceOptions {
  readonly source: ResourceSource;
  /** By type URL: what everybody may ask for beside the types of `source`. */
  readonly views: ReadonlyMap<string, ResourceView>;
}

/**
 * A ResourceSource that also answers the questions of `istioctl` (types `istio.io/debug...`). They tell about the whole mesh:
 * wire it up only where clients are known or on the same machine (CVE-2026-31838).
 */
export class DebugSource implements ResourceSource {
  private readonly options: DebugSourceOptions;

  constructor(options: DebugSourceOptions) {
    this.options = options;
  }

  ready(): boolean {
    return this.options.source.ready();
  }

  admit(node: Node, variant: 'sotw' | 'delta'): ProxyHandle | { readonly refused: string } {
    const handle = this.options.source.admit(node, variant);
    if ('refused' in handle) return handle;
    return {
      nodeId: handle.nodeId,
      view: (typeUrl) => this.options.views.get(typeUrl) ?? handle.view(typeUrl),
      onStale: (listener) => handle.onStale(listener),
      close: () => handle.close(),
    };
  }
}
