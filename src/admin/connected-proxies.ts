import type { ConnectionStatus } from '../discovery/connection-status.ts';
import type { ProxyHandle, ResourceSource, ResourceView } from '../discovery/resource-source.ts';
import type { Node } from '../envoy/generated/envoy/config/core/v3/Node.ts';
import type { Proxy as MeshProxy } from '../model/proxy.ts';

/** A stream together with who is at its other end. */
export interface ConnectedProxy {
  readonly connection: ConnectionStatus;
  readonly proxy: MeshProxy;
  /** As it introduced itself. */
  readonly node: Node;
  /** To its views as they are now. */
  readonly handle: Pick<ProxyHandle, 'view'>;
}

export interface ConnectedProxiesOptions {
  readonly source: ResourceSource;
  /** Reads a node as the source does. */
  readonly parseNode: (node: Node) => MeshProxy | { readonly refused: string };
}

/** A ResourceSource that remembers whom it has admitted, so that pages can say more than a node id and look into views. */
export class ConnectedProxies implements ResourceSource {
  private readonly options: ConnectedProxiesOptions;
  private readonly admitted = new Map<string, Set<Admitted>>();

  constructor(options: ConnectedProxiesOptions) {
    this.options = options;
  }

  ready(): boolean {
    return this.options.source.ready();
  }

  admit(node: Node, variant: 'sotw' | 'delta'): ProxyHandle | { readonly refused: string } {
    const proxy = this.options.parseNode(node);
    if ('refused' in proxy) return proxy;
    const handle = this.options.source.admit(node, variant);
    if ('refused' in handle) return handle;
    const known = this.admitted.get(handle.nodeId) ?? new Set();
    this.admitted.set(handle.nodeId, known);
    const entry: Admitted = { proxy, node, handle: { view: (typeUrl) => this.look({ node, variant }, typeUrl) } };
    known.add(entry);
    return {
      nodeId: handle.nodeId,
      view: (typeUrl) => handle.view(typeUrl),
      onStale: (listener) => handle.onStale(listener),
      close: () => {
        known.delete(entry);
        if (known.size === 0 && this.admitted.get(handle.nodeId) === known) this.admitted.delete(handle.nodeId);
        handle.close();
      },
    };
  }

  /** Streams whose proxy has introduced itself, in the order given. Streams of one node share its newest description. */
  join(connections: readonly ConnectionStatus[]): readonly ConnectedProxy[] {
    return connections.flatMap((connection) => {
      const newest = [...(this.admitted.get(connection.nodeId) ?? [])].at(-1);
      return newest === undefined ? [] : [{ connection, ...newest }];
    });
  }

  /** What a node is served of a type now; undefined where it is not connected, or not served that type. */
  view(nodeId: string, typeUrl: string): ResourceView | undefined {
    return [...(this.admitted.get(nodeId) ?? [])].at(-1)?.handle.view(typeUrl);
  }

  /** Apart from the stream's own handle: that is given other views only when the stream takes the difference. */
  private look({ node, variant }: Stream, typeUrl: string): ResourceView | undefined {
    const handle = this.options.source.admit(node, variant);
    if ('refused' in handle) return undefined;
    const view = handle.view(typeUrl);
    handle.close();
    return view;
  }
}

/** What a source admits. */
interface Stream {
  readonly node: Node;
  readonly variant: 'sotw' | 'delta';
}

interface Admitted {
  readonly proxy: MeshProxy;
  readonly node: Node;
  readonly handle: ConnectedProxy['handle'];
}

/** Istio's rule for `?proxyID=`: part of `name.namespace` will do; one that fits exactly goes first. */
export function findProxy(proxies: readonly ConnectedProxy[], proxyId: string): ConnectedProxy | undefined {
  return proxies.find(({ proxy }) => proxy.id === proxyId) ?? proxies.find(({ proxy }) => proxy.id.includes(proxyId));
}
