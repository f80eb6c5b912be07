import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeCluster } from '../harness/servers/kube-cluster.ts';
import type { ConfigMap, EndpointSlice, Pod, Secret, Service } from './kube-objects.ts';
import type { PodNetwork } from './pod-network.ts';
import { PodWorker } from './pod-worker.ts';
import { hostLines } from './service-names.ts';
import { ServiceProxy } from './service-proxy.ts';
import type { TestImages } from './test-image.ts';
import { TestNode } from './test-node.ts';
import { WatchedObjects } from './watched-objects.ts';

export interface KubeletOptions {
  readonly cluster: KubeCluster;
  readonly network: PodNetwork;
  readonly images: TestImages;
  readonly nodeName?: string;
  readonly nodeLabels?: Readonly<Record<string, string>>;
}

/** The one node of a test cluster: it takes every pod that nobody has scheduled, and runs it. See README.md. */
export class Kubelet {
  private readonly options: KubeletOptions;
  private readonly directory: string;
  private readonly node: TestNode;
  private readonly workers = new Map<string, PodWorker>();
  private readonly starting = new Set<string>();
  private readonly services: WatchedObjects<Service>;
  private readonly slices: WatchedObjects<EndpointSlice>;
  private readonly configMaps: WatchedObjects<ConfigMap>;
  private readonly secrets: WatchedObjects<Secret>;
  private readonly pods: WatchedObjects<Pod>;
  private readonly proxy: ServiceProxy;
  private isStopped = false;

  private constructor(options: KubeletOptions, directory: string) {
    const { cluster, network, nodeName = 'node', nodeLabels = {} } = options;
    this.options = options;
    this.directory = directory;
    this.node = new TestNode(cluster.http, { name: nodeName, address: network.hostAddress, labels: nodeLabels });
    const { http } = cluster;
    this.services = new WatchedObjects(http, '/api/v1/services', (key) => {
      this.proxy.changed(key);
      this.namesChanged();
    });
    this.slices = new WatchedObjects(http, '/apis/discovery.k8s.io/v1/endpointslices', () => this.namesChanged());
    this.configMaps = new WatchedObjects(http, '/api/v1/configmaps', (key) => this.objectChanged('ConfigMap', key));
    this.secrets = new WatchedObjects(http, '/api/v1/secrets', (key) => this.objectChanged('Secret', key));
    this.pods = new WatchedObjects(http, '/api/v1/pods', (key, pod) => this.podChanged(key, pod));
    const apiServers = () => [{ address: '127.0.0.1', port: Number(new URL(cluster.url).port) }];
    this.proxy = new ServiceProxy({ network, services: this.services.objects, slices: this.slices.objects, apiServers });
  }

  /** Resolves when the node is ready and Services can be reached. */
  static async start(options: KubeletOptions): Promise<Kubelet> {
    const kubelet = new Kubelet(options, await mkdtemp(join(tmpdir(), 'coxswain-kubelet-')));
    await kubelet.node.register();
    for (const watched of [kubelet.services, kubelet.slices, kubelet.configMaps, kubelet.secrets]) await watched.start();
    await kubelet.proxy.settled();
    await kubelet.pods.start();
    return kubelet;
  }

  /** What a container has said, over all its runs; empty where there is no such pod. */
  async log(namespace: string, pod: string, container: string): Promise<string> {
    const worker = this.workers.get(`${namespace}/${pod}`);
    return worker ? readFile(join(worker.runtime.directory, `${container}.log`), 'utf8').catch(() => '') : '';
  }

  /** Sends a signal to the main process of a container. */
  signal(namespace: string, pod: string, container: string, signal: NodeJS.Signals): void {
    const worker = this.workers.get(`${namespace}/${pod}`);
    const found = [...(worker?.init ?? []), ...(worker?.containers ?? [])].find(({ spec }) => spec.name === container);
    if (found?.pid === undefined) throw new Error(`${namespace}/${pod} runs no ${container}`);
    found.signal(signal);
  }

  /** Ends all pods at once, without a word to the API server. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const watched of [this.pods, this.services, this.slices, this.configMaps, this.secrets]) watched.stop();
    this.node.stop();
    await Promise.all([...this.workers.values()].map((worker) => worker.destroy()));
    await this.proxy.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  private podChanged(key: string, pod: Pod | undefined): void {
    const worker = this.workers.get(key);
    if (!pod) {
      // deleted by force: what runs on must not
      if (worker) void this.forget(key, worker.destroy());
    } else if (worker) {
      const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
      if (deletionTimestamp !== undefined) void this.forget(key, worker.end(deletionGracePeriodSeconds));
    } else if (pod.spec.nodeName === undefined) void this.node.bind(pod);
    else if (this.isMine(pod)) void this.startPod(key, pod);
  }

  private isMine({ metadata, spec, status }: Pod): boolean {
    const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
    return spec.nodeName === this.node.name && metadata.deletionTimestamp === undefined && !isOver;
  }

  private async startPod(key: string, pod: Pod): Promise<void> {
    const id = pod.metadata.uid ?? key;
    if (this.starting.has(id)) return;
    this.starting.add(id);
    const { name, namespace = '' } = pod.metadata;
    const { sysctls = [] } = pod.spec.securityContext ?? {};
    const { network, images, cluster } = this.options;
    const sandbox = await network.attach({ hostname: pod.spec.hostname ?? name, sysctls });
    const worker = new PodWorker({
      pod,
      sandbox,
      http: cluster.http,
      directory: join(this.directory, id),
      images,
      sources: {
        configMap: (wanted) => this.configMaps.objects.get(`${namespace}/${wanted}`),
        secret: (wanted) => this.secrets.objects.get(`${namespace}/${wanted}`),
      },
      issueToken: (audience, seconds) => this.node.tokenFor(pod, audience, seconds),
      node: { name: this.node.name, address: network.hostAddress },
      apiServer: network.apiServerAddress,
      hosts: () => hostLines(namespace, this.services.objects.values(), this.slices.objects.values()),
    });
    this.workers.set(key, worker);
    worker.start();
    // it may have been deleted while its network was made
    const now = this.pods.objects.get(key);
    if (this.isStopped) await worker.destroy();
    else if (now?.metadata.uid !== pod.metadata.uid) await this.forget(key, worker.destroy());
    else if (now?.metadata.deletionTimestamp !== undefined) this.podChanged(key, now);
  }

  /** Its name may be taken by another pod once it is gone. */
  private async forget(key: string, gone: Promise<void>): Promise<void> {
    const worker = this.workers.get(key);
    await gone;
    if (this.workers.get(key) !== worker) return;
    this.workers.delete(key);
    const next = this.pods.objects.get(key);
    if (next && !this.isStopped) this.podChanged(key, next);
  }

  private namesChanged(): void {
    for (const { runtime } of this.workers.values()) if (runtime.isPrepared) runtime.writeHosts();
  }

  private objectChanged(kind: 'ConfigMap' | 'Secret', key: string): void {
    for (const worker of this.workers.values()) {
      const { namespace = '' } = worker.runtime.pod.metadata;
      const [of, name = ''] = key.split('/');
      if (of === namespace) void worker.runtime.objectChanged(kind, name).catch(() => {});
    }
  }
}
