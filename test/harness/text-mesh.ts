import { type ControlPlane, createControlPlane } from '../../src/app/control-plane.ts';
import type { Node } from '../../src/envoy/generated/envoy/config/core/v3/Node.ts';
import { type EnvoyProtos, loadProtos } from '../../src/envoy/protos.ts';
import { type TypeUrlName, typeUrls } from '../../src/envoy/type-urls.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { toStruct } from '../../src/lib/struct.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import type { ProxyResources } from './reference-check.ts';
import { TextCluster } from './text-cluster.ts';
import { TextSource } from './text-source.ts';

export interface TextMeshOptions {
  readonly config: readonly string[];
  readonly meshConfig?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A proxy as a test describes it. */
export interface TestProxy {
  readonly nodeId: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly locality?: { readonly region?: string; readonly zone?: string; readonly sub_zone?: string };
}

/** What a real Envoy says of itself in its node, beyond what a test makes up. */
export type EnvoyFacts = Pick<Node, 'extensions' | 'user_agent_build_version'>;

const protos: EnvoyProtos = loadProtos();

/** The straight line in memory: YAML texts in, resources of proxies out. */
export class TextMesh {
  readonly plane: ControlPlane;
  readonly texts: TextSource;
  readonly protos = protos;
  private readonly clusters = new Map<string, TextCluster>();

  /** The same on another source of objects; its texts are of no use. */
  static of(plane: ControlPlane): TextMesh {
    return new TextMesh(plane, new TextSource([]));
  }

  private constructor(plane: ControlPlane, texts: TextSource) {
    this.plane = plane;
    this.texts = texts;
  }

  static async create(options: TextMeshOptions): Promise<TextMesh> {
    const texts = new TextSource(options.config, options.meshConfig);
    const plane = createControlPlane({ sources: [texts], env: options.env ?? {}, protos, log: silentLogger });
    await plane.config.start(new AbortController().signal);
    return new TextMesh(plane, texts);
  }

  /** Puts these in place of all further clusters: texts by cluster id. */
  async becomeClusters(clusters: Readonly<Record<string, readonly string[]>>): Promise<void> {
    for (const cluster of this.clusters.values()) cluster.close();
    this.clusters.clear();
    for (const [id, texts] of Object.entries(clusters)) (await this.addCluster(id, texts)).setPart(true);
  }

  /** A further cluster, which is no part of the mesh yet. */
  async addCluster(id: string, texts: readonly string[] = []): Promise<TextCluster> {
    const cluster = await TextCluster.create(this.plane, id, texts);
    this.clusters.set(id, cluster);
    return cluster;
  }

  /** The further cluster of this name. Throws where `addCluster` was not called for it. */
  cluster(id: string): TextCluster {
    const cluster = this.clusters.get(id);
    if (cluster === undefined) throw new Error(`no cluster ${id}`);
    return cluster;
  }

  /**
   * `stated` is what the Envoy says of itself; an unmodified istio-proxy where it says nothing. On a delta stream a recent one is
   * sent virtual hosts by themselves; by default tables are whole.
   */
  connect(proxy: TestProxy, stated: EnvoyFacts = {}, variant: 'sotw' | 'delta' = 'sotw'): ProxyViews {
    const node = {
      ...stated,
      id: proxy.nodeId,
      metadata: toStruct(proxy.metadata ?? {}),
      locality: proxy.locality ?? null,
    };
    const admitted = this.plane.source.admit(node, variant);
    if ('refused' in admitted) throw new Error(admitted.refused);
    return admitted;
  }

  /** Everything that the proxy is served, decoded. */
  allResources(proxy: ProxyViews): ProxyResources {
    return {
      clusters: this.resources(proxy, 'CDS'),
      endpoints: this.resources(proxy, 'EDS'),
      listeners: this.resources(proxy, 'LDS'),
      routes: this.resources(proxy, 'RDS'),
      names: this.resources(proxy, 'NDS'),
      extensions: this.resources(proxy, 'ECDS'),
    };
  }

  /** All resources of a type by name, decoded. */
  resources(proxy: ProxyViews, type: TypeUrlName): ReadonlyMap<string, Record<string, unknown>> {
    const all = proxy.view(typeUrls[type])?.all() ?? new Map();
    return new Map([...all].map(([name, resource]) => [name, protos.decodeAny(resource.any)] as const));
  }
}
