import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { pinnedNode } from '../../harness/serve-process.ts';
import { ConsulCluster } from '../../harness/servers/consul-cluster.ts';
import { GokitProcess } from '../../harness/servers/gokit-process.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { Kubelet } from '../../kubelet/kubelet.ts';
import { PodNetwork } from '../../kubelet/pod-network.ts';
import { TcpForwarder } from '../../kubelet/tcp-forwarder.ts';
import { deployedImages } from './deployed-images.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'coxswain.mjs');
const consulPort = 8500;

/** A cluster whose pods run, and a Consul that they and virtual machines beside them reach. */
export class DeployedMesh {
  readonly network: PodNetwork;
  readonly cluster: KubeCluster;
  readonly kubelet: Kubelet;
  readonly consul: ConsulCluster;
  private readonly atEnd: AsyncDisposableStack;

  private constructor(parts: Pick<DeployedMesh, 'network' | 'cluster' | 'kubelet' | 'consul'>, atEnd: AsyncDisposableStack) {
    this.network = parts.network;
    this.cluster = parts.cluster;
    this.kubelet = parts.kubelet;
    this.consul = parts.consul;
    this.atEnd = atEnd;
  }

  static async start(): Promise<DeployedMesh> {
    await using opened = new AsyncDisposableStack();
    const network = opened.adopt(await PodNetwork.create(), (it) => it.destroy());
    const { serviceRange, apiServerAddress } = network;
    const cluster = opened.adopt(await KubeCluster.start({ serviceRange, alternativeNames: [apiServerAddress] }), (it) => it.stop());
    const kubelet = opened.adopt(await Kubelet.start({ cluster, network, images: await deployedImages() }), (it) => it.stop());
    const consul = opened.adopt(await ConsulCluster.start(), (it) => it.stop());
    const [address = '', port] = consul.server.address.split(':');
    const backends = [{ address, port: Number(port) }];
    opened.adopt(await TcpForwarder.listen(network.hostAddress, consulPort, () => backends), (it) => it.close());
    return new DeployedMesh({ network, cluster, kubelet, consul }, opened.move());
  }

  /** Of Consul, as pods and virtual machines see it. */
  get consulAddress(): string {
    return `${this.network.hostAddress}:${consulPort}`;
  }

  /** Runs a command of ours against the cluster, as its administrator. */
  async coxswain(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(pinnedNode, [program, ...args, '--kubeconfig', this.cluster.kubeconfig], { timeout: 300_000 });
    return stdout;
  }

  /** `register` on a machine of its own that is no pod, with an address that pods reach; Go-kit registers it in Consul. */
  async startVirtualMachine(flags: Readonly<Record<string, string>>): Promise<GokitProcess> {
    const machine = await this.network.attach({ hostname: 'vm' });
    return GokitProcess.start({
      launcher: machine.launcher,
      flags: { registry: 'consul', 'registry-address': this.consulAddress, address: machine.address, ...flags },
    });
  }

  /** Who holds the lease: `POD_PROCESS`. */
  async holder(lease: string): Promise<string> {
    const path = `/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/${lease}`;
    const { spec } = await this.cluster.http.json<{ readonly spec: { readonly holderIdentity: string } }>(path);
    return spec.holderIdentity;
  }

  /** Names of its pods. */
  async controlPlane(): Promise<readonly string[]> {
    return (await this.pods('istio-system', 'app=istiod')).map(({ metadata }) => metadata.name);
  }

  async clusterIp(namespace: string, service: string): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/services/${service}`;
    const { spec } = await this.cluster.http.json<{ readonly spec: { readonly clusterIP: string } }>(path);
    return spec.clusterIP;
  }

  /** How often the first container of each of these pods was started again. */
  async restarts(namespace: string, selector: string): Promise<readonly (number | undefined)[]> {
    return (await this.pods(namespace, selector)).map(({ status }) => status.containerStatuses?.[0]?.restartCount);
  }

  /** Resolves when every replica of the control plane knows a healthy endpoint of the Service at this address. */
  async untilEndpoint(namespace: string, host: string, address: string): Promise<void> {
    await vi.waitFor(async () => {
      for (const page of await this.ask('/debug/endpointz')) {
        const { Shards: shards = {} } = (JSON.parse(page) as EndpointPage)[host]?.[namespace] ?? {};
        const found = Object.values(shards).flat();
        expect(found).toContainEqual(expect.objectContaining({ Addresses: [address], HealthStatus: healthy }));
      }
    }, 60_000);
  }

  /** What proxies refused, as replicas count it: lines of their metrics. */
  async refusals(): Promise<readonly string[]> {
    const pages = await this.ask('/metrics');
    return pages.flatMap((page) => page.split('\n')).filter((line) => /^pilot_total_xds_rejects(?:\{.*\})? [1-9]/.test(line));
  }

  /** The same page of every replica of the control plane. */
  private async ask(path: string): Promise<readonly string[]> {
    const pods = await this.pods('istio-system', 'app=istiod');
    const addresses = pods.map(({ status }) => status.podIP);
    return Promise.all(addresses.map(async (address) => (await fetch(`http://${address}:8080${path}`)).text()));
  }

  private async pods(namespace: string, selector: string): Promise<readonly PodObject[]> {
    const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`;
    const { items } = await this.cluster.http.json<{ readonly items: readonly PodObject[] }>(path);
    return items;
  }

  async stop(): Promise<void> {
    await this.atEnd.disposeAsync();
  }
}

interface PodObject {
  readonly metadata: { readonly name: string };
  readonly status: { readonly podIP?: string; readonly containerStatuses?: readonly { readonly restartCount: number }[] };
}

/** In Istio's page of endpoints. */
const healthy = 1;

type EndpointPage = Readonly<Record<string, Readonly<Record<string, { readonly Shards?: Readonly<Record<string, readonly object[]>> }>>>>;
