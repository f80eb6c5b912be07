import type { ProxyHandle, ResourceSource, ResourceView } from '../../src/discovery/resource-source.ts';
import type { Node } from '../../src/envoy/generated/envoy/config/core/v3/Node.ts';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { hashBytes } from '../../src/lib/hash.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import { testSecret } from './sds-server.ts';
import type { TestProxy, TextMesh } from './text-mesh.ts';

/** What a real Envoy is taken for: any proxy of its role, one after the other, on the stream that it opened once. */
export class SwitchableSource implements ResourceSource {
  private mesh: TextMesh;
  private readonly current = new Map<string, TestProxy>();
  private readonly handles = new Map<string, SwitchableProxy>();
  private readonly secrets: ResourceView;

  constructor(mesh: TextMesh) {
    this.mesh = mesh;
    this.secrets = secretView(mesh);
  }

  /** Who becomes a proxy from now on does so in this mesh. */
  moveTo(mesh: TextMesh): void {
    this.mesh = mesh;
  }

  ready(): boolean {
    return true;
  }

  admit(node: Node, variant: 'sotw' | 'delta'): ProxyHandle {
    const role = (node.id ?? '').split('~')[0] ?? '';
    const stated = { extensions: node.extensions ?? [], user_agent_build_version: node.user_agent_build_version ?? null };
    const handle = new SwitchableProxy(node.id ?? '', this.secrets, (proxy) => this.mesh.connect(proxy, stated, variant));
    const proxy = this.current.get(role);
    if (proxy === undefined) throw new Error(`no proxy of the role ${role} to begin with`);
    handle.become(proxy);
    this.handles.set(role, handle);
    return handle;
  }

  /** Makes the Envoy of the proxy's role this proxy from now on, and returns its views. */
  become(proxy: TestProxy): ProxyViews | undefined {
    const role = proxy.nodeId.split('~')[0] ?? '';
    this.current.set(role, proxy);
    return this.handles.get(role)?.become(proxy);
  }
}

class SwitchableProxy implements ProxyHandle {
  readonly nodeId: string;
  private readonly secrets: ResourceView;
  private readonly connect: (proxy: TestProxy) => ProxyViews;
  private views: ProxyViews | undefined;
  /** Stays readable until the next switch: what was sent out of it is compared with what follows. */
  private before: ProxyViews | undefined;
  private listener: (() => void) | undefined;

  constructor(nodeId: string, secrets: ResourceView, connect: (proxy: TestProxy) => ProxyViews) {
    this.nodeId = nodeId;
    this.secrets = secrets;
    this.connect = connect;
  }

  become(proxy: TestProxy): ProxyViews {
    this.before?.close();
    this.before = this.views;
    this.views = this.connect(proxy);
    this.views.onStale(() => this.listener?.());
    this.listener?.();
    return this.views;
  }

  view(typeUrl: string): ResourceView | undefined {
    return typeUrl === typeUrls.SDS ? this.secrets : this.views?.view(typeUrl);
  }

  onStale(listener: () => void): void {
    this.listener = listener;
  }

  close(): void {
    this.before?.close();
    this.views?.close();
  }
}

/** Has a certificate for whatever name is asked for. */
function secretView({ protos }: TextMesh): ResourceView {
  const secret = (name: string) => {
    const any = protos.encodeAny(testSecret(name));
    return { name, any, version: hashBytes(any) };
  };
  return { key: 'secrets', revision: () => 0, get: secret, all: () => new Map(), changedSince: () => new Set(), absent: secret };
}
